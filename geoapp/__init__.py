"""A district's model sites and trouble spots on one map."""

__version__ = "0.5.0"
