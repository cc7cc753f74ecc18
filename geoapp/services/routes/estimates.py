"""Times that are estimated, as people should read them."""

from geoapp.routing.travel import UNSURE


def range_min(minutes: float) -> tuple[float, float]:
    """From how many minutes to how many a way may take that was estimated on a straight line."""
    low, high = UNSURE
    return round(minutes * low, 1), round(minutes * high, 1)
