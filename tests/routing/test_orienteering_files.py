"""Public formats of orienteering are read as tasks, and plans are held against the files' own distances."""

from pathlib import Path

import pytest

from geoapp.domain.errors import BadInput
from geoapp.routing.search import plan
from tests.benchmarks.orienteering_files import SCALE, made, read

# A 3-4-5 triangle there and back is 12 long; so is the budget, to the last digit.
TRIANGLE = "12\t1\n0\t0\t0\n0\t0\t0\n3\t0\t7\n3\t4\t8\n"
CHAO = "n 4\nm 2\ntmax 10.0\n0 0 0\n3 4 6.5\n0 5 7\n0 0 0\n"
ROWS = "0 0 0 0 0 0 0 0 0 100\n1 3 4 10 20 1 1 1 0 50\n2 6 8 10 30 4 4 1 2 4 8 60 70\n"
SOLOMON = "C1\n\nVEHICLE\nNUMBER CAPACITY\n 25 200\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD. DEMAND READY TIME\n\n"


def file(folder: Path, text: str, name: str = "one.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_budget_is_kept_to_the_last_digit(tmp_path: Path) -> None:
    instance = read(file(tmp_path, TRIANGLE))

    assert instance.kept_by([(0, 1)])
    assert instance.value(plan(instance.task, iterations=50).routes) == 15
    shorter = read(file(tmp_path, TRIANGLE.replace("12\t", "11.999999\t")))
    assert not shorter.kept_by([(0, 1)])
    assert shorter.value(plan(shorter.task, iterations=50).routes) == 8


def test_several_teams_start_at_the_first_and_end_at_the_last_place(tmp_path: Path) -> None:
    instance = read(file(tmp_path, CHAO))

    assert [(team.start, team.end) for team in instance.task.teams] == [(0, 3), (0, 3)]
    assert instance.value(plan(instance.task, iterations=50).routes) == 13.5
    assert not instance.kept_by([(0,), (0,)])


@pytest.mark.parametrize("head", ["1 2 2 1\n100 200\n", "1 2 2 1\n200\n", "1;2;2;1\n0;0\n"])
def test_rows_with_windows_may_be_of_different_lengths(tmp_path: Path, head: str) -> None:
    rows = ROWS.replace(" ", ";") if ";" in head else ROWS
    instance = read(file(tmp_path, head + rows + "\n9 9 9 9 9 9 9 9\n"))

    assert [(stop.service_s, stop.value, stop.windows) for stop in instance.task.stops] == [
        (100, 20, ((0, 600),)), (100, 30, ((600, 800),))]  # fmt: skip
    assert len(instance.task.teams) == 2
    assert len(read(tmp_path / "one.txt", teams=3).task.teams) == 3
    assert instance.kept_by([(0, 1), ()])
    assert not instance.kept_by([(1, 0), ()])


def test_the_name_of_a_file_may_say_how_many_teams_there_are(tmp_path: Path) -> None:
    assert len(read(file(tmp_path, "1 9 2 1\n0 0\n" + ROWS, "c101.m4.txt")).task.teams) == 4


def test_distances_are_cut_by_convention_or_real_on_demand(tmp_path: Path) -> None:
    path = file(tmp_path, "1 1 1 1\n0 0\n0 0 0 0 0 0 100\n1 1 1 5 9 0 50\n")

    assert read(path).task.travel_s[0, 1] == 14
    assert read(path, exact=True).task.travel_s[0, 1] == 1_414_214
    assert read(path, exact=True).unit == SCALE


def test_solomons_columns_stand_in_another_order(tmp_path: Path) -> None:
    (stop,) = read(file(tmp_path, SOLOMON + "0 0 0 0 0 100 0\n1 3 4 20 10 50 5\n")).task.stops

    assert (stop.value, stop.service_s, stop.windows) == (20, 50, ((100, 550),))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="none of the known formats"):
        read(file(tmp_path, "1 2 3 4 5 6 7\n9 9 9 9 9 9 9\n"))
    with pytest.raises(BadInput, match="none of the known formats"):
        read(file(tmp_path, "nothing at all\n"))


@pytest.mark.parametrize("kind", ["clustered", "scattered", "mixed"])
def test_made_instances_are_the_same_for_the_same_seed_and_every_stop_can_be_visited(tmp_path: Path, kind: str) -> None:
    text = made(stops=20, teams=2, kind=kind, windows="narrow", seed=3)
    instance = read(file(tmp_path, text))

    assert text == made(stops=20, teams=2, kind=kind, windows="narrow", seed=3)
    assert sum(instance.kept_by([(stop,), ()]) for stop in range(20)) >= 18
    assert instance.kept_by(plan(instance.task, iterations=100).routes)
