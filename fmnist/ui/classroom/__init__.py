"""The content of the Classroom page, for teachers only."""
