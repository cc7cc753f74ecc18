"""In which letters a file of text is written."""

import codecs
from pathlib import Path

from geoapp.domain.errors import BadInput

# GB18030 holds GBK and GB2312, in which Chinese offices save, and nearly any bytes can be read by it: so it comes last.
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = ("utf-8", "gb18030")
CHUNK = 1024 * 1024


def encoding_of(path: Path, wanted: str | None = None) -> str:
    """The encoding that reads the whole file; raises BadInput if none does, or the wanted one does not."""
    if wanted is not None:
        if not _reads(path, wanted):
            raise BadInput("{file} cannot be read as {encoding}; leave the encoding to geoapp, or name another.",
                           file=path.name, encoding=wanted)  # fmt: skip
        return wanted
    with path.open("rb") as file:
        start = file.read(4)
    known = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    for name in (known,) if known else _TRIED:
        if _reads(path, name):
            return name
    raise BadInput("{file} is text in an unknown encoding; save it as UTF-8.", file=path.name)


def _reads(path: Path, encoding: str) -> bool:
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except (UnicodeDecodeError, UnicodeError, LookupError):
        return False
    return True
