"""Drawings: is a picture one, and what its strokes enclose."""
