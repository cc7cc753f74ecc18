"""A file is written as a whole, or it stays as it was."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from geoapp.storage.filesystem import write_whole


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


def test_what_does_not_fit_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("an older plan")
    with files_of_at_most(1_000), pytest.raises(OSError, match="too large"):
        write_whole(path, b"x" * 10_000)

    assert path.read_text() == "an older plan"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_a_file_that_is_replaced_keeps_its_rights_and_its_links(tmp_path: Path) -> None:
    path, link = tmp_path / "plan.json", tmp_path / "link.json"
    path.write_text("an older plan")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, b"a newer plan")

    assert link.is_symlink()
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("a newer plan", 0o640)


def test_what_is_no_file_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, b"to whoever reads")
        assert os.read(reader, 100) == b"to whoever reads"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
