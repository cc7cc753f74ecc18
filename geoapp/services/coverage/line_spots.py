"""Failing stretches as trouble spots: listed on request, each once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely

from geoapp.analysis.nearest import MetricTree, metric_crs
from geoapp.domain.errors import BadInput
from geoapp.domain.line_standards import LineStandard
from geoapp.domain.selection import Scope
from geoapp.services.assigning import Surroundings, assigned
from geoapp.services.checking import sound
from geoapp.services.coverage.along_lines import LineReport, Stretch, is_of_standard
from geoapp.services.district import District
from geoapp.storage.ledger import Change, Commit

Feature = dict[str, Any]

# A trouble spot of the same standard so near to a stretch is that stretch, though its middle has moved since.
SAME_M = 30.0
# Kind of site by kind of street.
_KINDS = {"main": "main_street", "secondary": "main_street", "lane": "back_street"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What came of listing. added: ids of the new trouble spots; known: how many stretches were listed before."""

    added: tuple[str, ...]
    known: int
    commit: Commit | None


def listed_spots(district: District, report: LineReport, stretches: Iterable[Stretch]) -> dict[str, str]:
    """By the ids of stretches the id of the site by which each is listed already; what is not listed is left out."""
    stretches, known = list(stretches), _spots(district, report.standard)
    found = {one.id: one.id for one in stretches if one.id in known}
    left = [one for one in stretches if one.id not in known]
    # A spot that is one stretch is not another one beside it.
    others = {id: place for id, place in known.items() if id not in found}
    if not left or not others:
        return found
    ids, (lon, lat) = list(others), np.array(list(others.values())).T
    tree = MetricTree([one.line for one in left], crs=metric_crs(float(lon[0]), float(lat[0])))
    nearest, _ = tree.nearest(lon, lat, max_distance_m=SAME_M)
    return found | {left[stretch].id: ids[spot] for spot, stretch in enumerate(nearest.tolist()) if stretch >= 0}


def list_as_trouble_spots(district: District, report: LineReport, stretches: Iterable[Stretch], *, by: str,
                          request_key: str | None = None) -> Listed:  # fmt: skip
    """Add each of these stretches that is not listed yet to the sites, as a trouble spot at its middle, in one commit.

    Each gets its township and street like any other site. Raises BadInput where nothing is known to hold the standard
    against, Conflict if somebody changed one of them meanwhile.
    """
    if not report.answered:
        raise BadInput("Nothing can be listed: nobody knows which stretches fail.")
    wanted = list(stretches)
    known = listed_spots(district, report, wanted)
    fresh = [_feature(district, report, one) for one in wanted if one.id not in known]
    if not fresh:
        return Listed((), len(known), None)
    around = Surroundings.of(_decoded(district, "townships"), _decoded(district, "streets"),
                             schematic=district.describe().schematic)  # fmt: skip
    features = sound("sites", assigned("sites", fresh, around))
    changes = [Change("sites", one["id"], msgspec.json.encode(one), district.present.seq) for one in features]
    action = f"trouble spots by line standard {report.standard.code}"
    commit = district.store.append(changes, actor=by, action=action, request_key=request_key)
    return Listed(tuple(one["id"] for one in fresh), len(known), commit)


def _spots(district: District, standard: LineStandard) -> dict[str, tuple[float, float]]:
    """Where the trouble spots stand that were listed by a standard, by their ids."""
    sites = district.present.snapshot("sites")
    rows = sites.alive()
    lon, lat = sites.positions(rows)
    every = zip(sites.ids(rows), lon.tolist(), lat.tolist(), strict=True)
    return {id: (x, y) for id, x, y in every if is_of_standard(id, standard) and np.isfinite(x)}


def _feature(district: District, report: LineReport, stretch: Stretch) -> Feature:
    street, standard = report.streets[stretch.street], report.standard
    zh, en = standard.failing_on(stretch.length_m)
    rule_zh, rule_en = standard.in_words()
    day = district.today.isoformat()
    properties = {
        "name": f"{street.name}：{zh}",
        "name_en": f"{street.name_en or street.name}: {en}",
        "kind": _KINDS.get(street.kind, "other"),
        "is_trouble_spot": True,
        # Where the lines themselves only show about where a street is, so does the middle of one of its stretches.
        "position_precision": "street" if report.schematic else "exact",
        "source": f"线路标准 {standard.code}：{rule_zh}，{day} · line standard {standard.code}: {rule_en}, {day}",
    }
    point = shapely.Point(round(stretch.lon, 7), round(stretch.lat, 7))
    return {"type": "Feature", "id": stretch.id, "geometry": shapely.geometry.mapping(point), "properties": properties}


def _decoded(district: District, layer: str) -> list[Feature]:
    snapshot = district.present.snapshot(layer)
    return [msgspec.json.decode(text) for text in snapshot.encoded(snapshot.alive(), Scope.FULL)]
