"""The content of the Compare page."""
