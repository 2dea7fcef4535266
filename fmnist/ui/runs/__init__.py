"""The content of the Runs page."""
