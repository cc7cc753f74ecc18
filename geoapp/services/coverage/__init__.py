"""Which township has what within reach, what the standards ask, and where the next facility helps most."""
