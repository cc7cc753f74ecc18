"""A standard along streets says what is wrong with it in one sentence."""

from typing import Any

import pytest

from geoapp.domain.errors import BadInput
from geoapp.domain.line_standards import LineStandard

SOUND: dict[str, Any] = {"code": "toilets", "zh": "公共厕所", "en": "public toilet", "streets": ("main",),
                         "metres": 500, "rule": "within", "sites": ("public_toilet",)}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": "A B"}, "is no code"),
        ({"rule": "near"}, "rule='near' is not one of within, every"),
        ({"metres": 0}, "metres='0' is not a whole number from 10 to 20000"),
        ({"metres": 20_001}, "metres='20001'"),
        ({"streets": ()}, "at least one kind of street"),
        ({"sites": ()}, "at least one kind of site or facility"),
        ({"zh": " "}, "Give what is wanted a name"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence.replace("(", r"\(")):
        LineStandard(**SOUND | wrong)


def test_it_says_what_it_asks_for_and_what_fails() -> None:
    within, every = LineStandard(**SOUND), LineStandard(**SOUND | {"rule": "every", "metres": 300})

    assert within.in_words() == ("沿线任意一点步行500米内须有公共厕所", "public toilet within 500 m of every point")
    assert every.in_words() == ("沿线每300米须有一处公共厕所", "public toilet every 300 m")
    assert within.failing_on(639.6) == ("640米路段步行500米内无公共厕所", "no public toilet within 500 m on 640 m")
    assert every.failing_on(640)[1] == "no public toilet on 640 m, where one is due every 300 m"


def test_a_code_is_made_of_any_kind() -> None:
    assert LineStandard.code_for("public_toilet", "within", ("main", "lane")) == "public_toilet-within-main-lane"
    assert LineStandard(**SOUND | {"code": LineStandard.code_for("公厕", "every", ("main",))}).code.endswith(
        "-every-main"
    )


def test_other_metres_that_somebody_sets_are_checked() -> None:
    changed = LineStandard(**SOUND, check=True).asking(400)

    assert (changed.metres, changed.check) == (400, False)
