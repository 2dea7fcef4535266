"""The content of the Look inside page."""
