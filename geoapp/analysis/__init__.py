"""What can be computed: pure functions, arrays and frames in, arrays and frames out."""
