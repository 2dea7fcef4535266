"""Drawings: whether a picture is one, and what its strokes enclose."""
