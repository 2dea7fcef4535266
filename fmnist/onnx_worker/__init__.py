"""The process that runs networks with ONNX Runtime, for ``fmnist.inference``.

A separate package, because its imports determine the process's start time and memory.
"""
