"""The content of the Map page."""
