"""Models of scikit-learn on the same images, one module each, exported as ONNX graphs."""
