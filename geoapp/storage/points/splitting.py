"""Where a long text may be cut: between two lines of a CSV, between two features of a GeoJSON."""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput

Cut = Callable[[bytes], int]
LONGEST_RECORD = 64 * 1024 * 1024
_MARK = codecs.BOM_UTF8


def utf8_blocks(path: Path, encoding: str, size: int) -> Iterator[tuple[bytes, int]]:
    """The file as UTF-8 without a mark, in blocks of about `size` bytes, each with how many bytes were read so far."""
    # Bytes of UTF-8 need no decoding: what else they are is checked where they are parsed.
    decoder = None if encoding in ("utf-8", "utf-8-sig") else codecs.getincrementaldecoder(encoding)()
    read = 0
    with path.open("rb") as file:
        while data := file.read(size):
            first, read = read == 0, read + len(data)
            text = decoder.decode(data).encode() if decoder else data
            yield text.removeprefix(_MARK) if first else text, read


def pieces_of(blocks: Iterator[tuple[bytes, int]], cut: Cut, file: str) -> Iterator[tuple[bytes, int, bool]]:
    """The blocks cut after their last whole record, what is left over going before the next one.

    cut: where the last whole record of a text that begins with a record ends, 0 if there is none. Each piece comes with
    how many bytes were read so far, and whether it was cut; what is left at the end of the file was not.
    """
    rest, read = b"", 0
    for block, read in blocks:
        text = rest + block if rest else block
        end = cut(text)
        if end:
            yield text[:end], read, True
        rest = text[end:]
        if len(rest) > LONGEST_RECORD:
            raise BadInput("{file} holds a record that does not end within {size} MB.",
                           file=file, size=LONGEST_RECORD >> 20)  # fmt: skip
    if rest.strip():
        yield rest, read, False


def last_line(text: bytes) -> int:
    """The end of the last line, where lines are records."""
    return text.rfind(b"\n") + 1


def last_mark(text: bytes) -> int:
    """The start of the last record of those that each begin with the sign RS (RFC 8142)."""
    return max(text.rfind(b"\x1e"), 0)


def csv_record(delimiter: str) -> re.Pattern[bytes]:
    """One record of a CSV with the end of its line: a quoted value may hold delimiters and ends of lines."""
    sign = re.escape(delimiter.encode())
    value = rb'(?:"(?:[^"]|"")*+"[^%b\n]*+|[^"%b\n][^%b\n]*+|)' % (sign, sign, sign)
    return re.compile(rb"%b(?:%b%b)*+\n" % (value, sign, value))


def last_csv_record(record: re.Pattern[bytes]) -> Cut:
    """The end of the last record of a CSV."""

    def cut(text: bytes) -> int:
        if b'"' not in text:
            return last_line(text)
        end = 0
        while (found := record.match(text, end)) is not None:
            end = found.end()
        return end

    return cut


def last_feature(text: bytes) -> int:
    """The end of the last feature of a text that begins within their array, or of all of them where the array ends."""
    signs = np.frombuffer(text, np.uint8)
    places = np.flatnonzero(_BRACKET[signs] & ~_quoted(text, signs))
    kinds = signs[places]
    depth = np.cumsum(_STEP[kinds], dtype=np.int64)
    ends = places[depth < 0]
    if len(ends):
        return int(ends[0])
    whole = places[(depth == 0) & (kinds == ord("}"))]
    return int(whole[-1]) + 1 if len(whole) else 0


_STEP = np.zeros(256, np.int8)
_STEP[[ord("{"), ord("[")]] = 1
_STEP[[ord("}"), ord("]")]] = -1
_BRACKET = _STEP != 0


def _quoted(text: bytes, signs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which bytes (n,) stand in a string of JSON."""
    quotes = signs == ord('"')
    if b"\\" in text:
        quotes &= ~_escaped(signs)
    inside: NDArray[np.bool_] = (np.cumsum(quotes, dtype=np.uint8) & 1).view(bool)
    return inside


def _escaped(signs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which bytes (n,) follow an odd number of backslashes."""
    slash = np.flatnonzero(signs == ord("\\"))
    first = np.flatnonzero(np.diff(slash, prepend=-2) != 1)
    # The rank of each backslash in its own run: the first, third … take the next byte's meaning away.
    rank = np.arange(len(slash)) - np.repeat(first, np.diff(first, append=len(slash)))
    escaped = np.zeros(len(signs), bool)
    after = slash[rank % 2 == 0] + 1
    escaped[after[after < len(signs)]] = True
    return escaped
