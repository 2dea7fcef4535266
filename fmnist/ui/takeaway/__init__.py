"""What serves the page Take away: one module a section, each with one function for a run."""
