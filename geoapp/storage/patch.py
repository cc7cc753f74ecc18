"""RFC 7396: JSON merge patches."""

from typing import Any


def merge_patch(value: Any, patch: Any) -> Any:
    """The value with a merge patch applied; neither argument is changed.

    An object's members are replaced one by one, null removes one, a list is replaced whole.
    Method: RFC 7396, section 2.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(value) if isinstance(value, dict) else {}
    for name, part in patch.items():
        if part is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), part)
    return merged


def patch_between(old: Any, new: Any) -> Any:
    """The smallest merge patch that makes `new` of `old`; null within objects cannot be kept by RFC 7396."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    gone = {name: None for name in old if name not in new}
    changed = {name: patch_between(old.get(name), value) for name, value in new.items() if old.get(name) != value}
    return gone | changed
