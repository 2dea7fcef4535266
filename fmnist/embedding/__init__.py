"""Images on a plane by a network's features: near each other where the network sees them alike."""
