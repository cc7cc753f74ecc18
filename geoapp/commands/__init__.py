"""The commands of the terminal, a module for each room; geoapp.cli joins them.

Imports stand inside the functions here, so that `geoapp --help` answers at once.
"""
