"""Maps of images by a network's features: images that the network finds similar are close."""
