"""Exports a finished run for use without this program."""
