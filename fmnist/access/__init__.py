"""Classroom mode: people, roles, limits and the log of changes, in one SQLite file.

Off unless ``FMNIST_CLASSROOM`` is set. Only pages, the queue and one command import this package,
and only ``roles`` and ``limits`` while the mode is off.
"""
