"""Label issues: possible errors in the data set, verdicts on them, and the resulting edits."""
