"""The process that runs networks with ONNX Runtime, for ``fmnist.inference``.

A separate room, since its imports determine the start time and the memory of that process.
"""
