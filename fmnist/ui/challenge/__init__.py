"""The content of the page You against the model."""
