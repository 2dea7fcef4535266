"""From a recipe to a finished run, in a process of its own: ``python -m fmnist.training``."""
