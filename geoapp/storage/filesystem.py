"""Files that are whole or absent, folders that remember, and disks that keep locks."""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

from geoapp.domain.errors import NetworkFileSystem, StorageFailed, StorageFull

# SQLite's write-ahead log needs shared memory and locks that every process sees; over these it has neither.
NETWORK_TYPES = frozenset(
    {"9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"ocfs2", "orangefs", "smb2", "smb3", "smbfs", "fuse.ceph", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs"}
    | {"fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
)
MOUNTS = Path("/proc/self/mountinfo")
ROOM_LEFT = 1 << 20
_OCTAL = re.compile(r"\\([0-7]{3})")


def refuse_network(folder: Path) -> None:
    """Raise NetworkFileSystem when `folder`, or the place where it will be made, lies on a network file system."""
    if not MOUNTS.exists():
        return
    kind = file_system_type(folder.resolve(), MOUNTS.read_text())
    if kind in NETWORK_TYPES:
        raise NetworkFileSystem(
            f"The folder {folder} lies on a network file system ({kind}), where locks cannot be trusted and a "
            "change could be lost. Put the instance on a disk of this machine."
        )


def file_system_type(folder: Path, mountinfo: str) -> str | None:
    """The type of the file system that holds an absolute path, read from the text of Linux's mountinfo."""
    best, kind = -1, None
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        mount = Path(_OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4]))
        # A later mount at the same place hides the earlier one, so equality wins too.
        if folder.is_relative_to(mount) and len(mount.parts) >= best:
            best, kind = len(mount.parts), after.split()[0]
    return kind


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a file's own fsync does not keep its name."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably; an existing one is left as it is."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        fsync_folder(folder.parent)


def publish(temporary: Path, path: Path) -> None:
    """Give a finished and fsynced file its name, durably."""
    os.replace(temporary, path)
    fsync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it stands there as a whole, or as it stood before; raises OSError."""
    if path.exists() and not path.is_file():  # a pipe or a terminal has nothing to be kept
        path.write_bytes(content)
        return
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        publish(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the system's errors into StorageFull or StorageFailed, which say what to do."""
    try:
        yield
    except (StorageFull, StorageFailed):
        raise
    except OSError as error:
        raise disk_failure(path, error) from error


def disk_failure(path: Path, error: OSError | str) -> StorageFull | StorageFailed:
    """The sentence for a write that the disk refused: is it full, or does it fail?"""
    if is_full(path):
        return no_room(path)
    reason = error.strerror or str(error) if isinstance(error, OSError) else error
    return StorageFailed(f"The disk refused to keep {path}: {reason}. Nothing was changed.")


def no_room(path: Path) -> StorageFull:
    """The sentence for a full disk."""
    return StorageFull(
        f"There is no room left for {path}: nothing was changed. Make room and try again; no restart is needed."
    )


def is_full(path: Path) -> bool:
    """Whether the disk that holds `path` has less than 1 MiB left."""
    folder = next(folder for folder in (path, *path.parents) if folder.exists())
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize < ROOM_LEFT


class FileLock:
    """A lock that one open file of all processes can hold; the system frees it when its process ends, however.

    Programs that are started do not inherit it; a child that is merely forked does, and keeps it as long as it lives.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def try_acquire(self) -> bool:
        """Take the lock if it is free, without waiting."""
        if self._handle is not None:
            return True
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            # flock and not lockf: a second Store in the same process must be refused too.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Give the lock back; without holding it this does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
