"""How the demo comes to be, and how its problems are replaced."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from geoapp import services
from geoapp.config import Config
from geoapp.domain.errors import InstanceExists, NotADemo
from geoapp.domain.selection import Scope, Selection

BEIJING = timezone(timedelta(hours=8))
ALL, FULL = Selection(), Scope.FULL


def wednesday() -> datetime:
    return datetime(2027, 2, 3, 10, 0, tzinfo=BEIJING)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(instance=tmp_path / "demo")


def opened(config: Config) -> services.District:
    return services.at_this_moment(services.open_district(config, clock=wednesday))


def test_the_demo_ends_on_the_last_sunday_and_all_its_points_are_assigned(config: Config) -> None:
    services.init_demo(config, clock=wednesday)
    district = opened(config)
    problems = services.records(district, "problems", ALL, FULL, limit=2000).rows
    district.close()

    assert district.describe().as_of == "2027-01-31"
    assert max(row["found_at"] for row in problems) < "2027-02-01"
    placed = [row for row in problems if row["lon"] is not None]
    assert sum("township" in row for row in placed) > 0.99 * len(placed)
    assert all("township" in row or "nearest_township" in row for row in placed)


def test_a_district_is_founded_only_once(config: Config) -> None:
    services.init_demo(config, clock=wednesday)
    with pytest.raises(InstanceExists, match="already"):
        services.init_demo(config, clock=wednesday)


def test_problems_are_replaced_in_one_commit_and_rounds_with_them(config: Config) -> None:
    services.init_demo(config, clock=wednesday)
    services.simulate_demo(config, problems=300, seed=5, clock=wednesday)
    district = opened(config)
    try:
        assert services.count(district, "problems", ALL, FULL).count == 300
        assert district.store.follow() == 2
        assert services.count(district, "sites", ALL, FULL).count == 655
        rounds = set(services.wording(district, "rounds", "en"))
        used = {row["round"] for row in services.statistics(district, "problems", ALL, FULL, by=("round",))}
        assert used - {None} <= rounds
        assert district.store.verify().ok
    finally:
        district.close()


def test_a_real_district_is_never_given_synthetic_problems(district: services.District) -> None:
    with pytest.raises(NotADemo, match="its problems are real and stay"):
        services.simulate_demo(district.config, problems=10, seed=1)
