"""What the Overview page shows."""
