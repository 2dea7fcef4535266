"""The content of the Predict page."""
