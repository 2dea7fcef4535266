"""Side-by-side measurements of this program and a plain alternative, alternating in one run."""
