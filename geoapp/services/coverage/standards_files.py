"""Standards as a file of a table, and back: all rows of it, or one sentence that says which value is at fault."""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from geoapp.analysis.values import Unreadable, moment, number, plain, yes_or_no
from geoapp.analysis.words import NOTHING
from geoapp.documents.sheet import Cell
from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.domain.standards import LEVELS, UNITS, Standard
from geoapp.services.browse import table_rows
from geoapp.services.coverage.standards import MOST_STANDARDS, replace_standards, standards
from geoapp.services.district import District
from geoapp.services.sheets import sheet_xlsx
from geoapp.storage.ledger import Commit
from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.source import Row

# The columns, what they are in a file, and their headings in English and Chinese; either is read, and the bare name.
COLUMNS = {
    "code": ("id", Sentence("Code"), "代码"),
    "zh": ("text", Sentence("Chinese name"), "中文名称"),
    "en": ("text", Sentence("English name"), "英文名称"),
    "level": ("id", Sentence("Level"), "层级"),
    "kinds": ("id", Sentence("Kinds"), "设施类型"),
    "number": ("number", Sentence("At least"), "不少于"),
    "unit": ("id", Sentence("Unit of measure"), "计量单位"),
    "source": ("text", Sentence("Source"), "依据"),
    "dated": ("day", Sentence("Dated"), "发布日期"),
    "valid_from": ("day", Sentence("Valid from"), "生效日期"),
    "check": ("id", Sentence("To be checked"), "待核对"),
}
_NAMES = {name.casefold(): field for field, (_, *names) in COLUMNS.items() for name in (field, *map(str, names))}
NEEDED = ("code", "zh", "level", "kinds", "number", "unit")
_LEVELS = {"区级": "D", "区": "D", "district": "D", "镇街级": "T", "镇乡街道级": "T", "镇乡": "T", "township": "T",
           "村级": "V", "村社区级": "V", "村": "V", "village": "V"}  # fmt: skip
LARGEST_FILE, LONGEST_FILE_NAME = 10 * 1024 * 1024, 60
LONGEST_SOURCE = 500
_FOLDERS = re.compile(r"[\\/]")
_BETWEEN = re.compile(r"[\s,，、;；/]+")
_GUARDED = re.compile(r"^'(?=[=+\-@＝＋－＠])")
# What makes another number of the digits before it, and commas that part no thousands.
_NOT_AS_WRITTEN = re.compile(r"[%‰十百千亿]|,(?!\d{3}(?!\d))")


def standards_xlsx(district: District, *, chinese: bool, notes: Sequence[str], notes_title: str) -> IO[bytes]:
    """All standards as a workbook whose columns are read back: codes of levels, kinds and units, days as days."""
    columns = [(field, str(names[chinese]), kind) for field, (kind, *names) in COLUMNS.items()]
    title = "标准" if chinese else "Standards"
    return sheet_xlsx(title, columns, map(_cells, standards(district)), notes=notes, notes_title=notes_title)


def _cells(row: Standard) -> list[Cell]:
    return [row.code, row.zh, row.en, row.level, " ".join(row.kinds), row.number, row.unit, row.source, row.dated,
            row.valid_from, "yes" if row.check else "no"]  # fmt: skip


def import_standards(district: District, name: str, stream: IO[bytes], *, based_on: int | None = None, by: str,
                     request_key: str | None = None) -> Commit:  # fmt: skip
    """Put the standards of a workbook or CSV file in the place of all; the columns are COLUMNS in any order.

    Raises BadInput naming row, column and value of the first that cannot be read, Conflict for a table that was
    changed meanwhile; nothing is changed then.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _file_name(name)
        path.write_bytes(stream.read(LARGEST_FILE + 1))
        if _unpacked(path) > LARGEST_FILE:
            raise BadInput("{file} is too large for a table of standards.", file=path.name)
        with open_source(path) as source:
            meant = _meant(source.fields, path.name)
            rows = list(_rows(district, source.rows(), meant, path.name))
    if not rows:
        raise BadInput("{file} holds no standard.", file=path.name)
    return replace_standards(district, rows, based_on=based_on, by=by, request_key=request_key)


def _file_name(name: str) -> str:
    """What a file may be called here and in a sentence: the last part of its name, of letters that can be seen."""
    last = "".join(letter for letter in _FOLDERS.split(name)[-1] if letter.isprintable())
    return last[-LONGEST_FILE_NAME:] if last.strip(". ") else "file"


def _unpacked(path: Path) -> int:
    """How many bytes a file holds, a workbook's parts unpacked: a million rows are read for minutes."""
    size = path.stat().st_size
    if size > LARGEST_FILE or not zipfile.is_zipfile(path):
        return size
    with zipfile.ZipFile(path) as archive:
        return max(size, sum(part.file_size for part in archive.infolist()))


def standard_of(district: District, given: Mapping[str, Any]) -> Standard:
    """A standard from values as people write them, by column; raises BadInput naming the column and the value."""
    values: dict[str, Any] = {}
    for field, read in _readers(district).items():
        value = given.get(field)
        if value is None or plain(value) in NOTHING:
            continue
        try:
            values[field] = read(value)
        except Unreadable as error:
            reason = Sentence(error.sentence, value=error.value, **error.values)
            raise BadInput("{column}: {reason}.", column=COLUMNS[field][1], reason=reason) from error
    for field in NEEDED:
        if field not in values:
            raise BadInput("{column}: give a value.", column=COLUMNS[field][1])
    return Standard(**{"en": values["zh"], **values})


def _rows(district: District, rows: Iterator[Row], meant: Mapping[str, str], file: str) -> Iterator[Standard]:
    seen: dict[str, int] = {}
    for row in rows:
        given = {meant[heading]: value for heading, value in row.values.items() if heading in meant}
        try:
            made = standard_of(district, given)
        except BadInput as error:
            reason = Sentence(error.sentence, **error.values)
            raise BadInput("{file}, row {row}: {reason}", file=file, row=row.number, reason=reason) from error
        if made.code in seen:
            raise BadInput("{file}, row {row}: code {code!r} stands in row {first} already.", file=file, row=row.number,
                           code=made.code, first=seen[made.code])  # fmt: skip
        seen[made.code] = row.number
        if len(seen) > MOST_STANDARDS:
            count = len(seen) + sum(1 for _ in rows)
            raise BadInput("{count} standards are too many; {most} are the most.", count=count, most=MOST_STANDARDS)
        yield made


def _meant(fields: Sequence[str], file: str) -> dict[str, str]:
    meant = {heading: known for heading in fields if (known := _NAMES.get(plain(heading).casefold()))}
    missing = [field for field in NEEDED if field not in meant.values()]
    if missing:
        raise BadInput("{file} has no column {column}; its columns are {known}.", file=file, column=missing[0],
                       known=", ".join(COLUMNS))  # fmt: skip
    for field in meant.values():
        alike = [heading for heading, known in meant.items() if known == field]
        if len(alike) > 1:
            raise BadInput("{file} has several columns for {column}: {known}; keep one of them.", file=file,
                           column=field, known=", ".join(alike))  # fmt: skip
    return meant


def _readers(district: District) -> dict[str, Callable[[Any], Any]]:
    return {
        "code": _code, "zh": _text, "en": _text, "level": _level, "kinds": lambda value: _kinds(district, value),
        "number": _number, "unit": _unit, "source": _source, "dated": lambda value: _day(district, value),
        "valid_from": lambda value: _day(district, value), "check": yes_or_no,
    }  # fmt: skip


def _text(value: Any) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    # One line of letters that can be seen: what is pasted from elsewhere brings breaks and signs without a width.
    line = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return _GUARDED.sub("", line)


def _code(value: Any) -> str:
    text = _text(value)
    if "," in text:
        raise Unreadable("{value!r} has a comma in it, which parts codes in links; leave it out", text)
    return text


def _number(value: Any) -> float:
    if isinstance(value, str) and _NOT_AS_WRITTEN.search(plain(value)):
        raise Unreadable("{value!r} is no number", value)
    return number(value)


def _source(value: Any) -> str:
    text = _text(value)
    if len(text) > LONGEST_SOURCE:
        raise Unreadable("{value!r} … is longer than {most} letters", text[:40], most=LONGEST_SOURCE)
    return text


def _level(value: Any) -> str:
    text = plain(value)
    level = _LEVELS.get(re.sub(r"[()]", "", text).casefold(), text.upper())
    if level not in LEVELS:
        raise Unreadable("{value!r} is not one of {known}", value, known=", ".join(LEVELS))
    return level


def _unit(value: Any) -> str:
    if plain(value) not in UNITS:
        raise Unreadable("{value!r} is not one of {known}", value, known=", ".join(UNITS))
    return plain(value)


def _kinds(district: District, value: Any) -> tuple[str, ...]:
    table = table_rows(district, "site_kinds") | table_rows(district, "facility_kinds")
    by_name = {str(row.get(name)): code for code, row in table.items() for name in ("zh", "en")}
    whole = plain(value)
    parts = [whole] if whole in by_name else [part for part in _BETWEEN.split(whole) if part]
    codes = [by_name.get(part, part) for part in parts]
    for code in codes:
        if table and code not in table:
            raise Unreadable("{part!r} is no kind of facility or site; there are {known}", value, part=code,
                             known=", ".join(table))  # fmt: skip
    return tuple(dict.fromkeys(codes))


def _day(district: District, value: Any) -> date:
    return moment(value, district.zone).date()
