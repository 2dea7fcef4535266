"""Widgets shared by several pages: canvas, gallery, predictions, explanations, run picker."""
