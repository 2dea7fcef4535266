"""One module per command of ``python -m fmnist``, with its options and implementation."""
