"""What the page of you against the model shows."""
