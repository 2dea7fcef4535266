"""Label issues: what may be wrong in the data set, verdicts on it, and the edits they make."""
