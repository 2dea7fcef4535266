"""The content of the Train page."""
