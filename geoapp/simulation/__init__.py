"""A campaign with planted truths, seeded."""
