"""What the Study page shows."""
