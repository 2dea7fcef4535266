"""The process that answers for networks by ONNX Runtime, which ``fmnist.inference`` asks.

A room of its own, since what it imports is the start and the memory of that process.
"""
