"""Modules that every page shares: frame, session, resources, run picker and run lifecycle."""
