"""How far the ledger has ever been written: what shows that its end was lost.

SQLite takes a write-ahead log that was cut off, or is gone, for one that never held more. The file beside it knows
better. It is written after each commit is durable and never synced itself: after a power cut it may lag behind the
ledger, which means nothing; it is never ahead of it.
"""

import contextlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "ledger.head"
_LINE = re.compile(rb"(\d{20}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Head:
    """A commit's sequence number and digest."""

    seq: int
    digest: str


class Witness:
    """The open file that remembers the head."""

    def __init__(self, instance: Path) -> None:
        self._seq = -1
        self._handle = os.open(instance / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def remember(self, seq: int, digest: str) -> None:
        """Note a durable commit; one small write, which a killed process cannot leave half done."""
        if seq <= self._seq:
            return
        self._seq = seq
        # The commit is durable already: a disk without room for these bytes must not make it a failure.
        with contextlib.suppress(OSError):
            os.pwrite(self._handle, f"{seq:020d} {digest}\n".encode(), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)


def remembered(instance: Path) -> Head | None:
    """The head that was last noted; None if none was, or the file holds something else."""
    path = instance / FILE_NAME
    found = _LINE.match(path.read_bytes()[:86]) if path.is_file() else None
    return None if found is None else Head(int(found[1]), found[2].decode())


def lost_tail(instance: Path, head: Callable[[], int]) -> str | None:
    """The sentence for a ledger that ends before what was once written; None if all is there.

    head: gives the ledger's last seq; it is asked after the witness, because another process may go on writing.
    """
    known = remembered(instance)
    last = head()
    if known is None or known.seq <= last:
        return None
    return (
        f"The end of the ledger is lost: it ends at commit {last}, but commit {known.seq} was written and "
        f"acknowledged. Restore a backup; or, to go on without what is lost, remove the file {instance / FILE_NAME}."
    )
