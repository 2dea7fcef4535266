"""What the Look inside page shows."""
