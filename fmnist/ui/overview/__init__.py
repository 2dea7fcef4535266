"""The content of the Overview page."""
