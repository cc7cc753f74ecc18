"""Workbooks of Excel 97 to 2003."""

import contextlib
import random
from datetime import datetime
from pathlib import Path

import pytest

from geoapp.domain.errors import BadInput
from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.source import Row, Source

LEDGER = Path(__file__).parent / "files" / "ledger.xls"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path) -> tuple[Source, list[Row]]:
    with open_source(path) as source:
        return source, list(source.rows())


def test_an_old_ledger_is_read_like_a_new_one() -> None:
    source, rows = read(LEDGER)

    assert (source.format, source.fields) == ("XLS", ("序号", "镇街", "存在问题", "发现时间", "经度"))
    assert list(map(str, source.remarks)) == ["1 rows above the headings were passed over."]
    assert [row.number for row in rows] == [5, 6, 8]
    assert [row.values["镇街"] for row in rows] == ["龙山街道", "龙山街道", "泉河街道"]
    assert [row.values["发现时间"] for row in rows] == [datetime(2026, 5, 3, 14, 30), "2026年5月4日", 46145.5]
    assert rows[1].values["存在问题"] == "=cmd|' /C calc'!A0"
    assert rows[1].values["经度"] is None


@pytest.mark.parametrize("content", [OLE, OLE + b"\0" * 600, OLE + bytes(range(256)) * 40, LEDGER.read_bytes()[:3000]])
def test_what_is_no_workbook_gets_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(content)

    with pytest.raises(BadInput, match=r"a\.xls is no workbook that can be read, or a locked one"):
        read(file)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(LEDGER.read_bytes())
    for _ in range(chance.choice([1, 5, 50])):
        content[chance.randrange(8, len(content))] = chance.randrange(256)
    file = tmp_path / "a.xls"
    file.write_bytes(content)
    with contextlib.suppress(BadInput):
        read(file)
