"""Morton order, exact clusters and vector tiles: arrays in, bytes out."""
