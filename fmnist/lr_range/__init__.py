"""The learning-rate range test: its record on disk, its suggestion and its process."""
