"""How an office's tables are laid out: kept once, known again by their headings, and written out the same way."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.tables import Template
from geoapp.services.checking import require_sound_table
from geoapp.services.district import District
from geoapp.storage.ledger import Change, Commit

TABLE = "templates"


def templates(district: District, layer: str | None = None) -> list[Template]:
    """The kept templates, those of one layer if it is named, by their names."""
    document = district.present.document("tables", TABLE) or {"rows": []}
    known = [msgspec.convert(row, Template) for row in document["rows"]]
    return sorted((one for one in known if layer in (None, one.layer)), key=lambda one: (one.zh, one.code))


def template(district: District, name: str, layer: str) -> Template:
    """A template by its code or its name; raises NotFound."""
    known = templates(district, layer)
    found = next((one for one in known if name in (one.code, one.zh)), None)
    if found is None:
        raise NotFound("There is no template {name!r} for {layer}; there are: {known}.",
                       name=name, layer=layer, known=", ".join(one.zh for one in known) or "–")  # fmt: skip
    return found


def template_for(district: District, layer: str, headings: Sequence[str]) -> Template | None:
    """The template whose headings are those of a table, in whatever order."""
    return next((one for one in templates(district, layer) if set(one.headings) == set(headings)), None)


def keep_template(
    district: District, name: str, layer: str, headings: Sequence[str], fields: Mapping[str, str], *,
    fixed: Mapping[str, str], datum: str, by: str,
) -> Commit:  # fmt: skip
    """Keep a layout under an office's name, in place of an older one of that name for the layer.

    headings: all columns of the office's table in their order. fields: what those mean that mean something.
    Raises BadInput for a name that is none, Conflict if somebody changed the table meanwhile.
    """
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise BadInput("A template needs a name of 1 to 60 letters.")
    code = hashlib.sha256(f"{layer}\0{name}".encode()).hexdigest()[:12]
    row = Template(code=code, zh=name, en=name, layer=layer, headings=tuple(headings),
                   fields=tuple(fields.get(heading, "") for heading in headings),
                   fixed=dict(fixed), datum=datum)  # fmt: skip
    known: dict[str, Any] = district.present.document("tables", TABLE) or {"name": TABLE, "version": 1, "rows": []}
    others = [old for old in known["rows"] if old["code"] != code]
    table = known | {"rows": [*others, msgspec.to_builtins(row)]}
    require_sound_table(TABLE, table)
    change = Change("tables", TABLE, msgspec.json.encode(table), based_on=district.present.seq)
    return district.store.append([change], actor=by, action=f"template {name}")
