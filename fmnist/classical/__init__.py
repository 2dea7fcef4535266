"""Models of scikit-learn on the same images: a module each, written as ONNX graphs that answer."""
