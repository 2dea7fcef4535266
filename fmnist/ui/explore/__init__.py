"""What the Explore pages show."""
