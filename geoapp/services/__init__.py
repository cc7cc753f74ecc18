"""The use cases, one verb each; the other rooms meet only here."""
