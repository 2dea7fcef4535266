"""From a recipe to a finished run, in a separate process: ``python -m fmnist.training``."""
