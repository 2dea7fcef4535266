"""The content of the Labels page."""
