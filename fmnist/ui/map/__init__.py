"""What the Map page shows."""
