"""Files of points of any size: read in pieces, written in the same order, never whole in memory."""
