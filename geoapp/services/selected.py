"""Which rows are meant by a selection: what storage chooses, narrowed by what only several layers together can tell."""

from collections.abc import Hashable
from dataclasses import replace

import numpy as np

from geoapp.domain.selection import Scope, Selection
from geoapp.services.cells import cell_mask
from geoapp.services.dirt import dirt
from geoapp.services.district import CROSSING, District
from geoapp.services.indicators import indicator_rows, visited_sites
from geoapp.storage.snapshot import Rows


def selected(district: District, layer: str, selection: Selection, scope: Scope) -> Rows:
    """The rows of the selected features of a layer: every count, table, tile and download starts here."""
    meant = selection.for_layer(layer)
    if not _crosses(layer, meant):
        return district.rows(layer, meant, scope)

    def narrowed() -> Rows:
        # Rounds of sites are found by their visits, below.
        plain = replace(among(meant), round=()) if layer == "sites" else among(meant)
        found = district.rows(layer, plain, scope)
        if meant.indicator:
            found = np.intersect1d(found, indicator_rows(district, layer, meant))
        if layer == "sites" and meant.round:
            found = np.intersect1d(found, visited_sites(district, meant.round))
        for kind in meant.without_dirt if layer == "problems" else ():
            found = np.setdiff1d(found, dirt(district).rows[kind])
        if layer == "problems" and meant.cell:
            found = found[cell_mask(district, found, meant.cell)]
        return found

    key = ("selected", layer, basis(district, layer, meant), meant, scope)
    return district.derived.get(key, narrowed, lambda rows: rows.nbytes)


def among(selection: Selection) -> Selection:
    """What an indicator counts among: for it the days are its period, and not when problems were found."""
    if not selection.indicator:
        return selection
    return replace(selection, indicator=None, first_day=None, last_day=None)


def basis(district: District, layer: str, selection: Selection) -> Hashable:
    """What the rows of a selection depend on beside itself: sequence numbers of the layers read, and the moment."""
    crosses = _crosses(layer, selection)
    seqs = tuple(district.present.seqs.get(name, 0) for name in ((layer, *CROSSING) if crosses else (layer,)))
    return seqs, district.clock() if selection.due or selection.indicator or selection.without_dirt else None


def _crosses(layer: str, selection: Selection) -> bool:
    return bool(
        selection.indicator or selection.without_dirt or selection.cell or (layer == "sites" and selection.round)
    )
