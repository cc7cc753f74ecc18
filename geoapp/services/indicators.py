"""The leader's numbers, and the rows behind each of them."""

import numpy as np

from geoapp.domain.selection import Scope, Selection
from geoapp.services.district import District
from geoapp.storage.snapshot import Rows


def indicator_rows(district: District, layer: str, selection: Selection, scope: Scope) -> Rows:
    """Rows that an indicator counts."""
    return np.empty(0, np.intp)


def visited_sites(district: District, rounds: tuple[str, ...]) -> Rows:
    """The rows of the sites that were checked in these rounds."""
    return np.empty(0, np.intp)
