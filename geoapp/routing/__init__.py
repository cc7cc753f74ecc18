"""Roads, travel times, and who goes where in which order: arrays in, arrays out."""
