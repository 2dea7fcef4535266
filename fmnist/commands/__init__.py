"""One module per command of ``python -m fmnist``: its options and what it does with them."""
