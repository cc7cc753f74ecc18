"""Arrays that took long to compute, kept as files that may be deleted at any time: they are made anew then.

A file is whole or absent: it gets its name when it has been written, and its parts carry checksums. No fsync: what a
power failure leaves of it fails those checksums.
"""

import contextlib
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

SUFFIX, _UNFINISHED = ".npz", ".part"
# What was begun so long ago was left behind by a process that ended before its time.
_LEFT_BEHIND_S = 3_600.0
_DAMAGED = (OSError, ValueError, KeyError, EOFError, MemoryError, NotImplementedError, zipfile.BadZipFile, zlib.error)


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays of numbers to a file at once; raises OSError where the disk refuses it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.stem, suffix=_UNFINISHED, delete=False) as file:
        try:
            np.savez(file, allow_pickle=False, **arrays)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    os.replace(file.name, path)


def saved_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """The arrays of a file, None where there is none, or none that is whole and holds nothing but numbers."""
    try:
        with path.open("rb") as file:
            found = np.load(file, allow_pickle=False)
            # What is one array and no archive of several was not written here.
            return {name: found[name] for name in found.files} if isinstance(found, NpzFile) else None
    except _DAMAGED:
        return None


def forget_older(folder: Path, pattern: str, *, keep: int) -> None:
    """Remove all but the newest files of a pattern, and what was never finished."""
    found = sorted(folder.glob(pattern + SUFFIX), key=_written_at, reverse=True)
    stray = [path for path in folder.glob(pattern + _UNFINISHED) if time.time() - _written_at(path) > _LEFT_BEHIND_S]
    for path in [*found[keep:], *stray]:
        with contextlib.suppress(OSError):
            path.unlink()


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # removed by another process meanwhile
        return 0.0
