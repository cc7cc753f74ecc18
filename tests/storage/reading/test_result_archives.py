"""Result files whose packing is damaged, however it was packed."""

import zipfile
from pathlib import Path

import pytest

from geoapp.domain.errors import BadInput
from geoapp.storage.reading.archives import extract, opened
from geoapp.storage.reading.results import RECORDS, read_results

PACKINGS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


def packed(path: Path, name: str, packing: int, *, damaged: bool) -> Path:
    """An archive of one file; where it is damaged, the first bytes that say how to unpack it are wrong."""
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr(name, b'{"visits": []}' * 50)
    content = bytearray(path.read_bytes())
    start = 30 + len(name)
    if damaged:
        content[start : start + 12] = content[start : start + 4] + b"\xff" * 8
        path.write_bytes(content)
    return path


@pytest.mark.parametrize("packing", PACKINGS)
def test_damaged_records_are_told_of_whatever_packed_them(tmp_path: Path, packing: str) -> None:
    whole = packed(tmp_path / "whole.zip", RECORDS, PACKINGS[packing], damaged=False)
    assert read_results(whole).records.startswith(b"{")

    with pytest.raises(BadInput, match="is damaged"):
        read_results(packed(tmp_path / "d.zip", RECORDS, PACKINGS[packing], damaged=True))


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_damaged_archive_of_tables_is_told_of_whatever_packed_it(tmp_path: Path, packing: str) -> None:
    path = packed(tmp_path / "d.zip", "a.csv", PACKINGS[packing], damaged=True)

    with opened(path) as archive, pytest.raises(BadInput, match="damaged archive"):
        extract(archive, (".csv",), tmp_path, path.name)
