"""The sections of the page Take away: one module each, with one function of a run."""
