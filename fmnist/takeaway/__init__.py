"""A finished run in the forms in which it is used without this program."""
