"""How far people go: the view of reach."""

from typing import Any

from geoapp.domain.coverage import CoverageQuestion

PARAMETERS: tuple[str, ...] = ()


def account(question: CoverageQuestion) -> dict[str, Any]:
    """What the template of the view needs."""
    return {}
