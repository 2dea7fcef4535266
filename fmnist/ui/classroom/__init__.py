"""What the Classroom page shows, to teachers alone."""
