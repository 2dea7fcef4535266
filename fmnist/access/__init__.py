"""Classroom mode: people, roles, limits and the log of changes, in one SQLite file.

Off unless ``FMNIST_CLASSROOM`` is set. Only pages, the queue and one command import this room, and
none of its modules but ``roles`` and ``limits`` before the mode is on.
"""
