"""One frozen value, read once at the edge and passed inwards."""

import difflib
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from geoapp.domain.errors import BadInput

PREFIX = "GEOAPP_"
PUBLIC = ("none", "viewer", "reporter")
FOR_TESTS = frozenset({"GEOAPP_TEST_DATA"})


@dataclass(frozen=True, slots=True)
class Config:
    """How this geoapp runs.

    instance: the folder it writes into. public: what strangers may do (none, viewer, reporter); None leaves it to the
    district, so that a demo can be looked at by anybody. host, port: where `serve` listens; tls: whether by https.
    """

    instance: Path = Path("instance")
    public: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    tls: bool = False

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the pages."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Every GEOAPP_<FIELD> becomes a field; a name that is none gets a warning with the nearest one."""
        given = {name: text for name, text in env.items() if name.startswith(PREFIX) and name not in FOR_TESTS}
        known = [PREFIX + field.name.upper() for field in fields(cls)]
        for name in sorted(set(given) - set(known)):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            warnings.warn(f"{name} is not a setting of geoapp; did you mean {near[0]}?", UserWarning, stacklevel=2)
        return cls(
            instance=Path(given.get("GEOAPP_INSTANCE", "instance")),
            public=_public(given.get("GEOAPP_PUBLIC")),
            host=given.get("GEOAPP_HOST", "127.0.0.1"),
            port=_port(given.get("GEOAPP_PORT", "8000")),
            tls=given.get("GEOAPP_TLS") == "yes",
        )


def _public(text: str | None) -> str | None:
    if text is not None and text not in PUBLIC:
        raise BadInput(f"GEOAPP_PUBLIC={text!r} is not one of {', '.join(PUBLIC)}.")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise BadInput(f"GEOAPP_PORT={text!r} is not a port between 1 and 65535.")
    return int(text)
