"""Where the next facilities help most: p-median, MCLP, LSCP and p-centre over arrays of costs."""
