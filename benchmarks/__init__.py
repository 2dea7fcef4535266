"""Side-by-side measurements: ours and a plain alternative, alternating, in one run."""
