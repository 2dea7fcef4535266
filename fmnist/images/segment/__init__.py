"""Separates the garment: background, candidates, wearer, seam, frames, figures."""
