"""`python -m geoapp` is the same as `geoapp`."""

from geoapp.cli import main

main()
