"""Drawings: whether a picture is one, and the area its strokes enclose."""
