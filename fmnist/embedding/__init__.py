"""Images on a plane by a network's features: near each other if the network finds them similar."""
