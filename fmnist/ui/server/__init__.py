"""The server around the pages: access, response headers, startup and shutdown."""
