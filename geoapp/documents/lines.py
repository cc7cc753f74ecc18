"""Problems as lines of text for a chat group: one a problem, the unit that must act first."""

import re
from collections.abc import Iterable, Sequence

SEPARATOR = "｜"


def as_text(heading: str, lines: Iterable[Sequence[str | None]]) -> str:
    """A heading, then numbered lines of their known parts; line breaks inside a part become spaces."""
    known = ([plain for part in parts if part and (plain := _plain(part))] for parts in lines)
    numbered = (f"{number}. {SEPARATOR.join(parts)}" for number, parts in enumerate(known, 1))
    return "\n".join([_plain(heading), *numbered]) + "\n"


def _plain(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()
