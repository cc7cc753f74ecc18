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
