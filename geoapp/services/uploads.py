"""Files that people bring by a page: kept until they are looked at, previewed whole, and then brought in or not."""

import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from geoapp.domain.errors import BadInput, Conflict, GeoappError, NotFound
from geoapp.domain.sentences import Sentence
from geoapp.services.boundaries import Reassignment, change_boundaries
from geoapp.services.bringing import require_visits, write_rejects
from geoapp.services.browse import district_layer
from geoapp.services.district import District, at_this_moment
from geoapp.services.importing import Options, Preview, as_its_office, import_file, read_features
from geoapp.services.recording import BadRow
from geoapp.services.routes.results import BroughtResults, import_results
from geoapp.storage.filesystem import disk_errors, make_folder
from geoapp.storage.reading.results import holds_results

FOLDER = "uploads"
MOST_FILES = 10
KEPT_S = 7 * 86_400.0
ABANDONED_S = 3_600.0
CHUNK = 1024 * 1024
_ID = re.compile(r"[0-9a-f]{24}")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way.

    state: reading (the whole of it is looked at), read, importing, done, or refused with a failure. rows_read: how far
    it is. preview, boundaries for townships, or results of a team's day: what it would bring, or has brought.
    template: the name of the office whose layout it has.
    """

    id: str
    layer: str
    file: Path
    options: Options
    state: str = "reading"
    rows_read: int = 0
    preview: Preview | None = None
    boundaries: Reassignment | None = None
    results: BroughtResults | None = None
    rejected: Sequence[BadRow] = ()
    failure: Exception | None = None
    template: str | None = None

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.state in ("reading", "importing")


class Uploads:
    """The uploads of one running service; one of them is worked on at a time, the others wait for their turn."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._folder = district.config.instance / FOLDER
        self._known: dict[str, Upload] = {}
        self._changed = threading.Condition()

    def receive(self, layer: str, files: Iterable[tuple[str, IO[bytes]]]) -> Upload:
        """Keep the files (several only for the parts of a Shapefile) and begin to look at them.

        Raises NotFound for a layer that is none, BadInput for no file or too many, StorageFull.
        """
        district_layer(layer)
        self._sweep()
        id = secrets.token_hex(12)
        folder = self._folder / id
        with disk_errors(folder):
            make_folder(folder)
            kept = [_kept(folder, name, stream) for name, stream in files if name]
        if not kept or len(kept) > MOST_FILES:
            shutil.rmtree(folder)
            raise BadInput("Choose a file, or the parts of one Shapefile.")
        main = next((path for path in kept if path.suffix.lower() == ".shp"), kept[0])
        self._set(Upload(id, layer, main, Options()))
        self._begin(id, self._look)
        return self.get(id)

    def get(self, id: str) -> Upload:
        """An upload as it is now; raises NotFound."""
        found = self._known.get(id)
        if found is None:
            raise NotFound("There is no such upload any more; bring the file again.")
        return found

    def settled(self, id: str, patience_s: float) -> Upload:
        """The upload when nothing is under way, or as it is after so long."""
        until = time.monotonic() + patience_s
        with self._changed:
            while self.get(id).busy and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
        return self.get(id)

    def look_again(self, id: str, options: Options) -> Upload:
        """Read the file in another way."""
        self._require_idle(id)
        self._set(replace(self.get(id), options=options, state="reading", rows_read=0, failure=None, template=None))
        self._begin(id, self._look)
        return self.get(id)

    def bring(self, id: str, *, skip_bad: bool, by: str) -> Upload:
        """Import the file as it was previewed: all good rows as one commit, or nothing."""
        upload = self.get(id)
        self._require_idle(id)
        if upload.state != "read":
            return upload
        options = replace(upload.options, skip_bad=skip_bad)
        self._set(replace(upload, options=options, state="importing", rows_read=0))
        self._begin(id, lambda one, district: self._import(one, district, by))
        return self.get(id)

    def discard(self, id: str) -> None:
        """Forget an upload and its file; nothing that was imported goes with it."""
        self._require_idle(id)
        with self._changed:
            upload = self._known.pop(id)
        shutil.rmtree(upload.file.parent, ignore_errors=True)

    def write_rejects(self, id: str, target: Path, tell: Callable[[Sentence], str]) -> None:
        """The bad rows as they stood, with the reason of each in a last column."""
        upload = self.get(id)
        write_rejects(upload.file, upload.options, upload.rejected, target, tell)

    def _look(self, upload: Upload, district: District) -> Upload:
        if holds_results(upload.file):
            return self._results(upload, district, dry_run=True)
        if upload.layer == "townships":
            return self._boundaries(upload, district, dry_run=True)
        options, office = as_its_office(district, upload.layer, upload.file, upload.options)
        upload = replace(upload, options=options, template=office)
        preview = import_file(district, upload.layer, upload.file, upload.options, by="", dry_run=True,
                              progress=self._progress(upload.id))  # fmt: skip
        return replace(upload, state="read", preview=preview, rejected=preview.rejected)

    def _import(self, upload: Upload, district: District, by: str) -> Upload:
        if upload.results is not None:
            return self._results(upload, district, dry_run=False, by=by)
        if upload.layer == "townships":
            return self._boundaries(upload, district, dry_run=False, by=by)
        preview = import_file(district, upload.layer, upload.file, upload.options, by=by, request_key=upload.id,
                              progress=self._progress(upload.id))  # fmt: skip
        return replace(upload, state="done", preview=preview, rejected=preview.rejected)

    def _results(self, upload: Upload, district: District, *, dry_run: bool, by: str = "") -> Upload:
        require_visits(upload.layer, upload.file)
        done = import_results(district, upload.file, by=by or "local", fixed=upload.options.fixed,
                              skip_bad=upload.options.skip_bad, dry_run=dry_run)  # fmt: skip
        return replace(upload, state="read" if dry_run else "done", results=done)

    def _boundaries(self, upload: Upload, district: District, *, dry_run: bool, by: str = "") -> Upload:
        features, rejected = read_features(district, "townships", upload.file, upload.options)
        upload = replace(upload, rejected=rejected)
        if rejected:
            return replace(upload, state="refused", failure=BadInput(
                "{bad} townships are bad, the first one: {reason} Nothing was changed.",
                bad=len(rejected), reason=rejected[0].told))  # fmt: skip
        schematic = any(one["properties"].get("schematic") for one in features)
        action, key = f"import {upload.file.name}", None if dry_run else upload.id
        done = change_boundaries(district, features, by=by or "local", action=action, schematic=schematic,
                                 dry_run=dry_run, request_key=key)  # fmt: skip
        return replace(upload, state="read" if dry_run else "done", boundaries=done)

    def _begin(self, id: str, work: Callable[[Upload, District], Upload]) -> None:
        self._district.jobs.begin(f"upload {id}", lambda: self._work(id, work))

    def _work(self, id: str, work: Callable[[Upload, District], Upload]) -> None:
        upload = self.get(id)
        try:
            upload = work(upload, at_this_moment(self._district))
        except Exception as failure:  # whatever it is, whoever waits is told; the domain's own words are shown
            if not isinstance(failure, GeoappError):
                threading.excepthook(threading.ExceptHookArgs((type(failure), failure, failure.__traceback__, None)))
            upload = replace(upload, state="refused", failure=failure)
        self._set(upload)

    def _progress(self, id: str) -> Callable[[int], None]:
        def read(rows: int) -> None:
            if self._district.jobs.stopping:
                raise Conflict("geoapp is being stopped; nothing was imported.")
            self._set(replace(self.get(id), rows_read=rows))

        return read

    def _set(self, upload: Upload) -> None:
        with self._changed:
            self._known[upload.id] = upload
            self._changed.notify_all()

    def _require_idle(self, id: str) -> None:
        if self.get(id).busy:
            raise BadInput("This file is still being read; wait a moment.")

    def _sweep(self) -> None:
        """Forget files of a week ago, and those of a service that was ended."""
        for folder in self._folder.glob("*"):
            age_s = time.time() - folder.stat().st_mtime
            forgotten = age_s > KEPT_S or (folder.name not in self._known and age_s > ABANDONED_S)
            if _ID.fullmatch(folder.name) and forgotten:
                self._known.pop(folder.name, None)
                shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path, name: str, stream: IO[bytes]) -> Path:
    """The file under its bare name, without what a file system or a shell might take for something else."""
    bare = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")[-100:] or "file"
    target = folder / bare
    if target.exists():
        raise BadInput("{file} was chosen twice.", file=bare)
    with target.open("wb") as out:
        shutil.copyfileobj(stream, out, CHUNK)
    return target
