"""The curve of minutes as a drawing: how many have a facility within so many minutes."""

from typing import Any

from flask_babel import format_decimal

from geoapp.services.coverage.reach_figures import minutes_curve
from geoapp.services.coverage.records import Reach
from geoapp.web import coverage_words as words

# The drawing's own units; the page scales it.
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 480, 150, 36, 20, 8
TICKS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
MOST_TICKS = 6


def curve_of(found: Reach) -> dict[str, Any] | None:
    """What the template of the curve needs; None where nobody reaches any facility."""
    curve = minutes_curve(found)
    if curve is None:
        return None
    last = float(curve.minutes[-1])

    def across(minutes: float) -> float:
        return round(LEFT + (WIDTH - LEFT - 4) * minutes / last, 1)

    def up(share: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)

    steps = list(zip(curve.minutes.tolist(), curve.shares.tolist(), strict=True))
    points = [(across(minutes), up(share)) for minutes, share in steps]
    line = " ".join(f"{x},{y}" for x, y in points)
    limit_min = None if found.limit_s is None else found.limit_s / 60
    step = next((tick for tick in TICKS if last / tick <= MOST_TICKS), TICKS[-1])
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "base": up(0), "top": up(1), "right": across(last),
        "line": line,
        "area": f"{across(0)},{up(0)} {line} {across(last)},{up(0)}",
        "limit": None if limit_min is None or limit_min > last else across(limit_min),
        "across": [(across(tick), format_decimal(tick)) for tick in range(0, int(last) + 1, step)],
        "up": [(up(part / 4), words.share(part / 4)) for part in range(0, 5, 2)],
        "grid": [up(part / 4) for part in range(1, 5)],
        "of_people": curve.of_people,
        # Every tenth step, for those who do not see the drawing.
        "said": [(format_decimal(round(minutes)), words.share(share)) for minutes, share in steps[10::10]],
    }  # fmt: skip
