"""Nothing is written that is not what it says it is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from geoapp.domain.errors import BadInput
from geoapp.domain.layers import LAYERS
from geoapp.domain.places import Located
from geoapp.domain.tables import TABLES

Feature = dict[str, Any]


def sound(layer: str, features: Iterable[Feature]) -> Iterator[Feature]:
    """The same features, each checked against its layer's record; raises BadInput, naming the first that is not."""
    record = LAYERS[layer].record
    for feature in features:
        _convert(feature["properties"], record, f"{layer} {feature['id']!r}")
        _convert(feature["properties"], Located, f"{layer} {feature['id']!r}")
        yield feature


def require_sound_table(name: str, table: Mapping[str, Any]) -> None:
    """Raise BadInput, naming the row, unless every row is what the table's rows are."""
    record = TABLES.get(name)
    if record is None:
        return
    for number, row in enumerate(table["rows"], start=1):
        _convert(row, record, f"{name}, row {number}")


def _convert(value: Any, record: type, where: str) -> None:
    try:
        # Times and days are texts in JSON; anything else must be of its type already.
        msgspec.convert(value, record, builtin_types=())
    except msgspec.ValidationError as error:
        raise BadInput("{where} cannot be kept: {reason}.", where=where, reason=error) from error
