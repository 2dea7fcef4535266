"""Where the garment is in a picture: its ground, candidates, wearer, seams and frames."""
