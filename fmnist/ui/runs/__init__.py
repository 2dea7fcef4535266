"""What the Runs page shows."""
