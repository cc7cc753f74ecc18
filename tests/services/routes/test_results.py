"""What a team brings back becomes visits and problems, each once, and nothing hostile comes in with it."""

import io
import json
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from geoapp import services
from geoapp.cli import main
from geoapp.domain.errors import BadInput, Conflict
from geoapp.domain.inspection import Visit
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.places import Located
from geoapp.domain.problem import Problem
from geoapp.domain.selection import Scope, Selection
from geoapp.services.recording import required_fields
from geoapp.services.routes.keeping_plans import delete_plan, rename_plan
from geoapp.services.routes.results import BroughtResults, import_results
from geoapp.storage.ledger import Change
from tests.services.routes.toy_day import day_of, found, jpeg, keep_toy_plan, recorded, result_file


def rows(district: services.District, layer: str) -> list[dict[str, Any]]:
    return services.records(services.at_this_moment(district), layer, Selection(), Scope.FULL, limit=1000).rows


def counts(done: BroughtResults) -> tuple[int, int, int, int, int, int]:
    return done.visits, done.problems, done.photos, done.changed, done.skipped, done.unfinished


def bring(district: services.District, file: Path, **options: Any) -> BroughtResults:
    return import_results(services.at_this_moment(district), file, by="t", **options)


@pytest.fixture
def kept(district: services.District) -> KeptPlan:
    return keep_toy_plan(district)[1]


def whole_day(kept: KeptPlan) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A clean site, two problems with three photos at another one, and a problem that is still there."""
    problems = [found("垃圾满溢", "photos/1.jpg", "photos/2.png"), found("", "photos/3.jpg", subcategory=None)]
    day = day_of(
        kept,
        recorded("sites/P1", outcome="clean", put_right=["1"]),
        recorded("sites/P2", outcome="findings", problems=problems),
        recorded("problems/4", outcome="clean", still_there=["4"]),
        recorded("map/1", outcome="not_checked", reason="关门", words="下周再来"),
    )
    png = io.BytesIO()
    Image.new("RGB", (20, 20), "blue").save(png, "PNG")
    return day, {"photos/1.jpg": jpeg("red"), "photos/2.png": png.getvalue(), "photos/3.jpg": jpeg("green")}


def test_a_day_becomes_visits_and_problems_in_one_commit(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    before = services.at_this_moment(district).present.seq

    done = bring(district, result_file(tmp_path / "day.zip", *whole_day(kept)))

    assert (counts(done), done.round, done.seq) == ((4, 2, 3, 0, 0, 0), "R1", before + 1)
    visits = {one["stop_id"]: one for one in rows(district, "visits") if "stop_id" in one}
    assert {stop: (one.get("site_id"), one["outcome"], one["findings"]) for stop, one in visits.items()} == {
        "sites/P1": ("P1", "clean", 0),
        "sites/P2": ("P2", "findings", 2),
        "problems/4": (None, "findings", 0),
        "map/1": (None, "not_checked", 0),
    }
    park, crossing = visits["sites/P1"], visits["map/1"]
    assert (park["put_right"], visits["problems/4"]["still_there"]) == (["1"], ["4"])
    assert (crossing["note"], crossing["name"], crossing["position_precision"]) == ("关门\n下周再来", "路口", "exact")
    assert (park["township"], park["street"], park["visited_at"]) == ("W", "S1", "2026-05-04T08:30:00+08:00")
    assert (park["round_id"], park["plan_id"], (park["lon"], park["lat"])) == ("R1", kept.id, (0.5, 0.5))


def test_a_problem_has_what_was_said_of_it_and_where_it_comes_from(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    bring(district, result_file(tmp_path / "day.zip", *whole_day(kept)))

    fresh = [one for one in rows(district, "problems") if "visit_id" in one]
    square = next(one["id"] for one in rows(district, "visits") if one.get("stop_id") == "sites/P2")
    full = next(one for one in fresh if one.get("subcategory"))
    bare = next(one for one in fresh if not one.get("subcategory"))
    assert (full["name"], full["description"], full["subcategory"], full["severity"]) == (
        "垃圾满溢", "垃圾满溢", "0201", "serious")  # fmt: skip
    assert (full["status"], full["origin"], full["number"]) == ("reported", "district_supervision", full["id"])
    assert {(one["site_id"], one["visit_id"], one["round_id"], one["township"]) for one in fresh} == {
        ("P2", square, "R1", "E")
    }
    assert (bare["category"], bare["name"], len(full["photos"])) == ("02", bare["id"], 2)
    for one in fresh:
        for sha256 in one["photos"]:
            with Image.open(io.BytesIO(district.store.photos.get(sha256))) as photo:
                assert photo.format == "JPEG"


def test_what_is_brought_is_a_sound_record_of_its_layer(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    bring(district, result_file(tmp_path / "day.zip", *whole_day(kept)))

    # The toy district's own one visit and six problems among them.
    for layer, record, number in (("visits", Visit, 1 + 4), ("problems", Problem, 6 + 2)):
        found = rows(district, layer)
        assert len(found) == number
        for row in found:
            msgspec.convert(row, record)
            msgspec.convert(row, Located)


def test_the_same_file_brings_nothing_a_second_time(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    file = result_file(tmp_path / "day.zip", *whole_day(kept))
    bring(district, file)
    before = services.at_this_moment(district).present.seq

    again = bring(district, file)

    assert (counts(again), again.seq) == ((0, 0, 0, 0, 6, 0), None)
    assert services.at_this_moment(district).present.seq == before


def test_a_file_given_out_again_brings_only_what_is_new(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    day, photos = whole_day(kept)
    first = result_file(tmp_path / "first.zip", day, photos)
    bring(district, first)
    clean = day["visits"][0]
    grown = {**clean, "outcome": "findings", "problems": [found("堆物", "photos/4.jpg")], "words": "又看了一次",
             "changed_at": "2026-05-04T08:50:00+08:00"}  # fmt: skip
    later = {**day, "visits": [grown, *day["visits"][1:], recorded("facilities/F1", outcome="clean")]}

    done = bring(district, result_file(tmp_path / "later.zip", later, {**photos, "photos/4.jpg": jpeg("white")}))

    assert counts(done) == (1, 1, 1, 1, 5, 0)
    park = next(one for one in rows(district, "visits") if one.get("stop_id") == "sites/P1")
    assert (park["outcome"], park["findings"], park["note"]) == ("findings", 1, "又看了一次")
    # The older file, brought once more, takes nothing of that back.
    assert counts(bring(district, first)) == (0, 0, 0, 0, 6, 0)
    assert next(one for one in rows(district, "visits") if one["id"] == park["id"]) == park


def test_two_phones_of_one_team_bring_their_own_records(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    one, other = (day_of(kept, recorded(stop, outcome="clean")) for stop in ("sites/P1", "sites/P2"))
    both = {**one, "visits": [*one["visits"], *other["visits"]]}

    done = [bring(district, result_file(tmp_path / f"{n}.zip", day)) for n, day in enumerate((one, other, both))]

    assert [counts(each)[:1] + counts(each)[4:5] for each in done] == [(1, 0), (1, 0), (0, 2)]


def test_two_people_who_bring_overlapping_files_at_once_bring_each_record_once(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    day, photos = whole_day(kept)
    more = {**day, "visits": [*day["visits"], recorded("facilities/F1", outcome="clean")]}
    files = [result_file(tmp_path / f"{n}.zip", one, photos) for n, one in enumerate((day, day, more, more))]

    def told(file: Path) -> bool:
        try:
            bring(district, file)
        except Conflict:
            return False  # refused whole, in a sentence: it can be brought again
        return True

    with ThreadPoolExecutor(4) as people:
        assert any(people.map(told, files))
    bring(district, files[-1])

    assert sum("stop_id" in one for one in rows(district, "visits")) == 5
    assert sum("visit_id" in one for one in rows(district, "problems")) == 2
    assert counts(bring(district, files[0])) == (0, 0, 0, 0, 6, 0)


def test_what_was_taken_away_here_does_not_come_back(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    file = result_file(tmp_path / "day.zip", *whole_day(kept))
    bring(district, file)
    gone = next(one["id"] for one in rows(district, "problems") if "visit_id" in one)
    district.store.append([Change("problems", gone, None)], actor="t", action="delete")

    assert counts(bring(district, file)) == (0, 0, 0, 0, 6, 0)
    assert gone not in {one["id"] for one in rows(district, "problems")}


def test_an_arrival_alone_waits_until_its_outcome_is_recorded(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    arrived = recorded("sites/P1")
    assert counts(bring(district, result_file(tmp_path / "1.zip", day_of(kept, arrived)))) == (0, 0, 0, 0, 0, 1)

    done = bring(district, result_file(tmp_path / "2.zip", day_of(kept, {**arrived, "outcome": "clean"})))

    assert counts(done) == (1, 0, 0, 0, 0, 0)


def test_a_dry_run_tells_the_same_and_keeps_nothing(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    file = result_file(tmp_path / "day.zip", *whole_day(kept))
    before = services.at_this_moment(district).present.seq

    told = bring(district, file, dry_run=True)

    assert (counts(told), told.seq) == ((4, 2, 3, 0, 0, 0), None)
    assert services.at_this_moment(district).present.seq == before
    assert list(district.store.photos.names()) == []


def test_visits_of_no_site_count_as_visits_but_no_site_as_visited(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    def visited() -> list[str]:
        chosen = Selection(round=("R1",))
        return [one["id"] for one in services.records(services.at_this_moment(district), "sites", chosen, Scope.FULL,
                                                      limit=10).rows]  # fmt: skip

    before = services.count(services.at_this_moment(district), "visits", Selection(), Scope.FULL).count
    bring(district, result_file(tmp_path / "day.zip", day_of(kept, recorded("map/1", outcome="clean"))))

    assert services.count(services.at_this_moment(district), "visits", Selection(), Scope.FULL).count == before + 1
    assert visited() == ["P1"]


@pytest.mark.parametrize(
    ("selection", "fixed", "round_id"),
    [("round=R1", {}, "R1"), ("", {"round_id": "R1"}, "R1"), ("round=R9", {"round_id": "R1"}, "R1")],
)
def test_the_round_is_the_plans_or_the_one_that_is_said(
    district: services.District, tmp_path: Path, selection: str, fixed: Mapping[str, str], round_id: str
) -> None:
    now, kept = keep_toy_plan(district, selection=selection)
    day = day_of(kept, recorded("sites/P1", outcome="clean"))

    assert bring(now, result_file(tmp_path / "d.zip", day), fixed=fixed).round == round_id


def test_without_a_round_nothing_is_brought_and_the_remedy_is_named(
    district: services.District, tmp_path: Path
) -> None:
    now, kept = keep_toy_plan(district, selection="")
    file = result_file(tmp_path / "d.zip", day_of(kept, recorded("sites/P1", outcome="clean")))

    assert bring(now, file, dry_run=True).round is None
    with pytest.raises(BadInput, match="--set round_id=CODE"):
        bring(now, file)
    with pytest.raises(BadInput, match="There is no round 'R7'"):
        bring(now, file, fixed={"round_id": "R7"})


def test_a_phone_whose_clock_was_wrong_is_given_another_time(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    wrong = "2031-01-01T08:00:00+08:00"
    problem = found("垃圾", found_at=wrong)
    day = day_of(kept, recorded("sites/P1", arrived_at=wrong, changed_at=wrong, problems=[problem]))
    file = result_file(tmp_path / "d.zip", day)
    with pytest.raises(BadInput, match=r"cannot be when it was visited; .*--set visited_at=TIME"):
        bring(district, file)

    bring(district, file, fixed={"visited_at": "2026-05-04 10:00"})

    visit = next(one for one in rows(district, "visits") if one.get("stop_id"))
    assert visit["visited_at"] == "2026-05-04T10:00:00+08:00"


BAD_VISITS = {
    "a stop of another plan": (recorded("sites/P9", outcome="clean"), "'sites/P9' is no stop of this plan"),
    "an outcome that is none": (recorded("sites/P1", outcome="fine"), "'fine' is no outcome"),
    "an id that is none": (recorded("sites/P1", outcome="clean", id="1"), "'1' is no id of a record"),
    "words without end": (recorded("sites/P1", outcome="clean", words="长" * 2_001), "longer than 2000 letters"),
    "a time without offset": (recorded("sites/P1", arrived_at="2026-05-04T08:00:00"), "cannot be when it was visited"),
    "a change in the year 9999": (
        recorded(
            "sites/P1", arrived_at="2026-05-04T08:30:00+08:00", changed_at="9999-12-31T23:59:59-12:00", outcome="clean"
        ),
        "cannot be when it was visited",
    ),
    "a time before the plan": (recorded("sites/P1", arrived_at="2020-05-04T08:00:00Z"), "cannot be when"),
    "a severity that is none": (
        recorded("sites/P1", problems=[found("x", severity="awful")]),
        "'awful' is no severity",
    ),
    "a photo that is not there": (recorded("sites/P1", problems=[found("x", "photos/9.jpg")]), "is not in the file"),
    "a path for a photo": (recorded("sites/P1", problems=[found("x", "../../etc/passwd")]), "is not in the file"),
    "a photo that is a script": (recorded("sites/P1", problems=[found("x", "photos/1.jpg")]), "no picture"),
}


@pytest.mark.parametrize("name", BAD_VISITS)
def test_a_record_that_cannot_be_kept_keeps_all_out_and_is_named(
    district: services.District, kept: KeptPlan, tmp_path: Path, name: str
) -> None:
    bad, reason = BAD_VISITS[name]
    day = day_of(kept, recorded("sites/P2", outcome="clean"), bad)
    file = result_file(tmp_path / "d.zip", day, {"photos/1.jpg": b"<script>alert(1)</script>"})

    with pytest.raises(BadInput, match=reason) as refused:
        bring(district, file)

    assert str(refused.value).startswith("1 records are bad")
    assert "Nothing was imported" in str(refused.value)
    assert len(rows(district, "visits")) == 1
    assert list(district.store.photos.names()) == []


def test_good_records_come_although_others_are_bad_if_somebody_says_so(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    day = day_of(kept, recorded("sites/P2", problems=[found("a"), found("b", severity="awful")]),
                 recorded("sites/P9", outcome="clean"))  # fmt: skip

    done = bring(district, result_file(tmp_path / "d.zip", day), skip_bad=True)

    assert (done.visits, done.problems, len(done.faults)) == (1, 1, 2)


ATTACKS = {
    "a path out of the folder": ({"../../evil.py": b"x"}, "which no result file has"),
    "a path from the root": ({"/etc/passwd": b"x"}, "which no result file has"),
    "a backslash": ({"photos\\..\\evil.jpg": b"x"}, "which no result file has"),
    "a page": ({"photos/1.html": b"<script>"}, "which no result file has"),
    "a drawing with scripts": ({"photos/1.svg": b"<svg/>"}, "which no result file has"),
    "too many photos": ({f"photos/{n}.jpg": b"x" for n in range(1_001)}, "more than the 1000"),
    "ten thousand entries": ({f"photos/{n}.jpg": b"x" for n in range(10_000)}, "far more than it should"),
    "a photo that is too large": ({"photos/1.jpg": bytes(11 * 1024**2)}, "larger than 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_archive_is_refused_in_one_sentence(
    district: services.District, kept: KeptPlan, tmp_path: Path, name: str
) -> None:
    photos, reason = ATTACKS[name]
    day = day_of(kept, recorded("sites/P1", problems=[found("x", "photos/1.jpg")]))

    with pytest.raises(BadInput, match=reason) as refused:
        bring(district, result_file(tmp_path / "d.zip", day, photos))

    assert "\n" not in str(refused.value)
    assert list(tmp_path.glob("**/evil*")) == []


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    bomb = json.dumps(day_of(kept)).encode() + b" " * 300_000_000

    with pytest.raises(BadInput, match="unpack to far more"):
        bring(district, result_file(tmp_path / "d.zip", bomb, packed=True))


def test_records_that_are_too_many_to_be_a_day_are_refused(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    padded = json.dumps(day_of(kept)).encode() + b" " * 6_000_000

    with pytest.raises(BadInput, match=r"results.json in d.zip is larger than 5 MB"):
        bring(district, result_file(tmp_path / "d.zip", padded, packed=True))


def test_a_picture_of_too_many_pixels_is_no_picture(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")
    day = day_of(kept, recorded("sites/P1", problems=[found("x", "photos/1.png")]))

    with pytest.raises(BadInput, match="no picture that can be read"):
        bring(district, result_file(tmp_path / "d.zip", day, {"photos/1.png": out.getvalue()}))


def test_what_a_camera_wrote_into_a_photo_is_not_kept(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    out, told = io.BytesIO(), Image.Exif()
    told[0x010F] = "Secret Camera Maker"
    Image.new("RGB", (80, 60), "red").save(out, "JPEG", exif=told)
    day = day_of(kept, recorded("sites/P1", problems=[found("x", "photos/1.jpg")]))
    bring(district, result_file(tmp_path / "d.zip", day, {"photos/1.jpg": out.getvalue() + b"<script>"}))

    (sha256,) = district.store.photos.names()
    content = district.store.photos.get(sha256)
    assert b"Secret" not in content
    assert b"<script>" not in content


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ({"plan": "0123456789ab"}, "a plan that this district does not have"),
        ({"team": "T9"}, "has no team 'T9'"),
        ({"date": "2026-05-05"}, "on 2026-05-05"),
        ({"version": 2}, "of another kind or version"),
        ({"format": "other"}, "of another kind or version"),
        ({"visits": "none"}, "results.json cannot be read"),
        ({"date": "yesterday"}, "results.json cannot be read"),
    ],
)
def test_results_of_something_else_are_refused(
    district: services.District, kept: KeptPlan, tmp_path: Path, day: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        bring(district, result_file(tmp_path / "d.zip", day_of(kept, **day)))


def test_what_a_team_recorded_comes_in_although_its_plan_was_renamed_and_deleted_meanwhile(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    rename_plan(services.at_this_moment(district), kept.id, "另一个名字", by="t")
    delete_plan(services.at_this_moment(district), kept.id, by="t")

    done = bring(district, result_file(tmp_path / "d.zip", *whole_day(kept)))

    assert (done.visits, done.problems, done.plan_name) == (4, 2, "另一个名字")


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[" * 100_000, b"\xff\xfe", b'{"visits": [{}]}'])
def test_records_that_are_no_json_are_refused(
    district: services.District, kept: KeptPlan, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(BadInput, match=r"results\.json"):
        bring(district, result_file(tmp_path / "d.zip", content))


def test_a_record_that_stands_twice_is_refused(district: services.District, kept: KeptPlan, tmp_path: Path) -> None:
    visit = recorded("sites/P1", outcome="clean")

    with pytest.raises(BadInput, match="stands twice"):
        bring(district, result_file(tmp_path / "d.zip", day_of(kept, visit, {**visit, "stop": "sites/P2"})))


def test_two_files_of_one_name_and_a_cut_archive_are_refused(
    district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    file = result_file(tmp_path / "d.zip", *whole_day(kept))
    (tmp_path / "cut.zip").write_bytes(file.read_bytes()[:-30])
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("results.json", "{}")

    with pytest.raises(BadInput, match="two files of one name"):
        bring(district, file)
    with pytest.raises(BadInput, match="damaged archive"):
        bring(district, tmp_path / "cut.zip")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_file_brings_sound_records_or_a_sentence(
    district: services.District, kept: KeptPlan, tmp_path: Path, flips: list[tuple[int, int]]
) -> None:
    content = bytearray(result_file(tmp_path / "whole.zip", *whole_day(kept)).read_bytes())
    for place, value in flips:
        content[place % len(content)] = value
    (tmp_path / "damaged.zip").write_bytes(content)

    try:
        visits = bring(district, tmp_path / "damaged.zip", dry_run=True).visits
    except BadInput:
        visits = 0
    assert visits <= 4


def test_people_s_words_are_kept_as_words(district: services.District, kept: KeptPlan, tmp_path: Path) -> None:
    words = "<script>alert(1)</script>\x00\x1b[31m${7*7}`{{7*7}}"
    bring(district, result_file(tmp_path / "d.zip", day_of(kept, recorded("sites/P1", problems=[found(words)]))))

    fresh = next(one for one in rows(district, "problems") if "visit_id" in one)
    assert fresh["description"] == "<script>alert(1)</script>[31m${7*7}`{{7*7}}"


def test_a_table_of_visits_still_has_to_name_their_sites() -> None:
    assert "site_id" in required_fields("visits")
    with pytest.raises(msgspec.ValidationError, match="missing required field `site_id`"):
        msgspec.convert({"round_id": "R1", "visited_at": "2026-05-04T08:00:00Z", "outcome": "clean"}, Visit)


def test_the_terminal_tells_what_came_and_refuses_in_one_sentence(
    district: services.District, kept: KeptPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its own clock says that the toy district's day was long ago, which does not matter to results.
    monkeypatch.setenv("GEOAPP_INSTANCE", str(district.config.instance))
    file = result_file(tmp_path / "d.zip", *whole_day(kept))

    def geoapp(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["import", *words])
        return done.exit_code, done.output

    code, dry = geoapp("visits", str(file), "--dry-run")
    assert (code, "4 visits would be new, 2 problems would be new with 3 photos" in dry) == (0, True)
    code, told = geoapp("visits", str(file), "--json")
    facts = json.loads(told)
    assert (code, facts["visits"], facts["problems"], facts["photos"], facts["skipped"]) == (0, 4, 2, 3, 0)
    assert json.loads(geoapp("visits", str(file), "--json")[1])["skipped"] == 6
    code, refused = geoapp("problems", str(file))
    assert (code, "bring it into visits" in refused, refused.count("\n")) == (1, True, 1)
