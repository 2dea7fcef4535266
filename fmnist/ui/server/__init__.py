"""What surrounds the pages: who may connect, response headers, start and end of the server."""
