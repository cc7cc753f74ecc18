"""The least a Memory can be: a dict, with JSON decoded and patched by the standard library alone."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class PlainMemory:
    """Every value by layer and id, and the seq of its last change."""

    def __init__(self) -> None:
        self.seq = 0
        self._lock = threading.Lock()
        self.values: dict[str, dict[str, Any]] = {}
        self._versions: dict[tuple[str, str], int] = {}
        self._layers: dict[str, int] = {}

    def apply(self, seq: int, changes: Sequence[tuple[str, str, bytes | None]]) -> None:
        with self._lock:
            for layer, id, patch in changes:
                values = self.values.setdefault(layer, {})
                if patch is None:
                    del values[id]
                    del self._versions[layer, id]
                else:
                    values[id] = merged(values[id], json.loads(patch)) if id in values else json.loads(patch)
                    self._versions[layer, id] = seq
                self._layers[layer] = seq
            self.seq = seq

    def version(self, layer: str, id: str) -> int | None:
        return self._versions.get((layer, id))

    def layers(self) -> Mapping[str, int]:
        with self._lock:
            return dict(self._layers)

    def encoded(self, layer: str) -> Iterator[bytes]:
        with self._lock:
            return iter([json.dumps(value).encode() for _, value in sorted(self.values.get(layer, {}).items())])


def merged(value: Any, patch: Any) -> Any:
    """RFC 7396, word by word as its pseudo-code has it."""
    if not isinstance(patch, dict):
        return patch
    target = value if isinstance(value, dict) else {}
    for name, part in patch.items():
        if part is None:
            target.pop(name, None)
        else:
            target[name] = merged(target.get(name), part)
    return target
