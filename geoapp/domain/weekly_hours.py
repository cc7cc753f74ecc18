"""The weekly table of when a facility is open, read from what people write of it."""

import re
from dataclasses import dataclass

from geoapp.domain.errors import BadInput

DAY_NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
MINUTES_A_DAY = 1_440
_MOMENT = re.compile(r"(mo|tu|we|th|fr|sa|su)[-_ ]?([01]?\d|2[0-3]):([0-5]\d)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A minute of the week. day: 0 for Monday to 6; minute: from midnight."""

    day: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """From a text such as su-19:00; raises BadInput."""
        found = _MOMENT.fullmatch(text.strip())
        if not found:
            raise BadInput("open={value!r} is not a moment of the week such as su-19:00.", value=text)
        return cls(DAY_NAMES.index(found[1].lower()), int(found[2]) * 60 + int(found[3]))

    def __str__(self) -> str:
        return f"{DAY_NAMES[self.day]}-{self.minute // 60:02}:{self.minute % 60:02}"
