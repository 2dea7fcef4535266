"""The content of the Evaluate page."""
