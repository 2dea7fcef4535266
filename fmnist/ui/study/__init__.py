"""The content of the Study page."""
