"""What a plan may say of itself, and the sentences for it: neither has a word that the other lacks."""

from geoapp.domain import routes
from geoapp.services.routes import insights, month, reasons
from geoapp.web import routes_labels


def test_why_a_stop_is_where_it_is_has_a_sentence_for_every_word() -> None:
    assert set(insights.WHO) == set(routes.WHO)
    assert set(insights.TURNS) == set(routes.TURNS)


def test_what_no_team_may_do_is_among_the_bounds() -> None:
    assert set(reasons.NOBODY) < set(routes.BOUNDS)


def test_what_is_tried_is_among_the_advice() -> None:
    assert set(insights.WEIGHTS) == set(routes.ADVICE)


def test_whose_a_plan_is_has_a_word_for_people() -> None:
    assert set(routes_labels.SOLVERS) == set(routes.SOLVERS)
    assert month.SOLVER in routes.SOLVERS
