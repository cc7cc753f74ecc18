"""Problems as lines of text for a chat group: one a problem, the unit that must act first."""

import re
from collections.abc import Iterable, Sequence

SEPARATOR = "｜"


def as_text(heading: str, lines: Iterable[Sequence[str | None]]) -> str:
    """A heading, then numbered lines of their known parts; line breaks inside a part become spaces."""
    numbered = (
        f"{number}. {SEPARATOR.join(_plain(part) for part in parts if part)}" for number, parts in enumerate(lines, 1)
    )
    return "\n".join([_plain(heading), *numbered]) + "\n"


def _plain(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip()
