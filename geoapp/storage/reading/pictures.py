"""Pictures in the cells of an .xlsx workbook: anchored over them, or set in by WPS as =DISPIMG("ID_…",1)."""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from geoapp.storage.reading.source import Picture

LARGEST_PART, LARGEST_PICTURE = 50 * 1024**2, 20 * 1024**2
# JPEG, PNG, GIF, BMP, and WebP, whose name stands behind its length.
_KINDS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_DISPIMG = re.compile(r'^=?\s*(?:_xlfn\.)?DISPIMG\(\s*"([^"]+)"', re.IGNORECASE)
_CELL_IMAGES = "xl/cellimages.xml"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of one sheet. by_row: those anchored in each row (from 1), in the order of their columns. by_id:
    those that cells name. unread: how many are of no kind that is read here, too large, or not in the file."""

    by_row: Mapping[int, tuple[Picture, ...]] = field(default_factory=dict)
    by_id: Mapping[str, Picture] = field(default_factory=dict)
    unread: int = 0

    def of(self, row: int, cells: list[Any]) -> tuple[Picture, ...]:
        """The pictures of a row; of the formulas that name one nothing is left in its cells."""
        named = []
        for place, cell in enumerate(cells):
            match = _DISPIMG.match(cell) if isinstance(cell, str) else None
            if match:
                cells[place] = None
                named.append(self.by_id.get(match[1]))
        return (*self.by_row.get(row, ()), *(picture for picture in named if picture))


def pictures_of(path: Path, sheet_part: str) -> Pictures:
    """The pictures of a sheet, found by the part of the archive in which it stands; none where parts are damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            anchored = list(_anchored(archive, sheet_part.lstrip("/")))
            in_cells = dict(_in_cells(archive))
            wanted = [part for _, _, part in anchored] + list(in_cells.values())
            known = {part: Picture(posixpath.basename(part), partial(_read, path, part))
                     for part in set(wanted) if part and _is_picture(archive, part)}  # fmt: skip
    except (ParseError, DefusedXmlException, ValueError, KeyError, OSError, zipfile.BadZipFile):
        return Pictures()
    by_row: dict[int, list[Picture]] = {}
    for row, _, part in sorted(anchored, key=lambda one: one[:2]):
        if part in known:
            by_row.setdefault(row, []).append(known[part])
    by_id = {id: known[part] for id, part in in_cells.items() if part in known}
    return Pictures({row: tuple(found) for row, found in by_row.items()}, by_id,
                    sum(part not in known for part in wanted))  # fmt: skip


def _anchored(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row and column (from 1) of every anchored picture, and its part ("" where it is elsewhere)."""
    for kind, drawing in _related(archive, sheet).values():
        if not kind.endswith("/drawing") or not drawing:
            continue
        media = _related(archive, drawing)
        for anchor in _parsed(archive, drawing):
            start = next((part for part in anchor if _tag(part) == "from"), None)
            for blip in (part for part in anchor.iter() if _tag(part) == "blip"):
                if start is not None:
                    at = {_tag(part): int(part.text or 0) + 1 for part in start}
                    yield at.get("row", 1), at.get("col", 1), media.get(_embedded(blip), ("", ""))[1]


def _in_cells(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The ids of WPS's pictures in cells, and the part of each."""
    if _CELL_IMAGES not in archive.namelist():
        return
    media = _related(archive, _CELL_IMAGES)
    for image in _parsed(archive, _CELL_IMAGES):
        name = next((part.get("name") for part in image.iter() if _tag(part) == "cNvPr"), None)
        blip = next((part for part in image.iter() if _tag(part) == "blip"), None)
        if name and blip is not None:
            yield name, media.get(_embedded(blip), ("", ""))[1]


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """By id the kind and the part of all that a part refers to; "" for what does not lie in this archive."""
    folder, name = posixpath.split(part)
    listing = f"{folder}/_rels/{name}.rels"
    if listing not in archive.namelist():
        return {}
    found = {}
    for relation in _parsed(archive, listing):
        target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", ""))).lstrip("/")
        inside = relation.get("TargetMode") != "External" and target in archive.namelist()
        found[relation.get("Id", "")] = (relation.get("Type", ""), target if inside else "")
    return found


def _parsed(archive: zipfile.ZipFile, part: str) -> Element:
    if archive.getinfo(part).file_size > LARGEST_PART:
        raise ValueError(part)
    root: Element = fromstring(archive.read(part), forbid_dtd=True)
    return root


def _is_picture(archive: zipfile.ZipFile, part: str) -> bool:
    if archive.getinfo(part).file_size > LARGEST_PICTURE:
        return False
    with archive.open(part) as file:
        start = file.read(12)
    return start.startswith(_KINDS) or (start.startswith(b"RIFF") and start.endswith(b"WEBP"))


def _read(path: Path, part: str) -> bytes:
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        return file.read(LARGEST_PICTURE)


def _embedded(blip: Element) -> str:
    return next((value for name, value in blip.attrib.items() if name.endswith("}embed")), "")


def _tag(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
