"""What the Predict page shows."""
