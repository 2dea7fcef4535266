"""The server around the pages: who may connect, response headers, start and end."""
