"""The table of standards: changed, taken away, brought back."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from geoapp import services
from geoapp.domain.errors import BadInput, Conflict, NotFound
from geoapp.domain.standards import Standard
from geoapp.services.coverage.standards import keep_standard, remove_standard, standards, standards_table
from geoapp.services.coverage.standards_files import COLUMNS, import_standards, standard_of, standards_xlsx


def row(code: str = "X", **changed: Any) -> Standard:
    usual: dict[str, Any] = {"zh": "标准", "en": "Standard", "level": "T", "kinds": ("centre",), "number": 1,
                             "unit": "facilities"}  # fmt: skip
    return Standard(code=code, **(usual | changed))


def now(district: services.District) -> services.District:
    return services.at_this_moment(district)


@pytest.mark.parametrize(
    "bad", [{"level": "X"}, {"unit": "beds"}, {"kinds": ()}, {"number": 0}, {"number": float("nan")}, {"zh": " "},
            {"en": "x" * 81}, {"code": ""}],
)  # fmt: skip
def test_what_is_no_standard_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        row(**{"code": "X"} | bad)


def test_the_proposed_table_is_one_of_sound_standards_to_be_checked(district: services.District) -> None:
    table = standards_table(district)

    assert (table.preset, table.own) == (True, False)
    assert all(one.check for one in table.rows)
    assert {one.level for one in table.rows} == {"D", "T", "V"}


def test_the_first_change_makes_the_proposed_table_the_districts_own(district: services.District) -> None:
    keep_standard(district, row(), by="clerk")
    table = standards_table(now(district))

    assert (table.preset, table.own, table.rows[-1].code) == (False, True, "X")
    assert len(table.rows) == len(standards_table(district).rows) + 1


def test_a_standard_is_added_replaced_and_removed(cultured: services.District) -> None:
    keep_standard(cultured, row(), by="clerk")
    keep_standard(now(cultured), row("Y", number=2.5, dated=date(2026, 1, 1)), replacing="X", by="clerk")
    assert standards(now(cultured))[-1] == row("Y", number=2.5, dated=date(2026, 1, 1))

    remove_standard(now(cultured), "Y", by="clerk")
    assert "Y" not in {one.code for one in standards(now(cultured))}


def test_two_clerks_are_told_of_each_other(cultured: services.District) -> None:
    seen = cultured.present.seq
    keep_standard(cultured, row(), based_on=seen, by="one")

    with pytest.raises(Conflict):
        keep_standard(now(cultured), row("Y"), based_on=seen, by="other")
    with pytest.raises(Conflict, match="'X' already"):
        keep_standard(now(cultured), row(), by="other")
    with pytest.raises(NotFound):
        remove_standard(now(cultured), "nobody's", by="other")


def test_a_request_that_came_twice_is_kept_once(cultured: services.District) -> None:
    first = keep_standard(cultured, row(), by="clerk", request_key="k")
    again = keep_standard(cultured, row(), by="clerk", request_key="k")

    assert first.seq == again.seq
    assert keep_standard(now(cultured), row(), by="clerk", request_key="k").seq == first.seq
    moved = keep_standard(now(cultured), row("Y"), replacing="X", by="clerk", request_key="l")
    assert keep_standard(now(cultured), row("Y"), replacing="X", by="clerk", request_key="l").seq == moved.seq
    assert [one.code for one in standards(now(cultured))].count("Y") == 1


def test_breaks_and_signs_without_a_width_are_no_part_of_a_text(cultured: services.District) -> None:
    given = {
        "code": "a\n\u200bb\0",
        "zh": "标准\t一",
        "level": "T",
        "kinds": "centre",
        "number": "1",
        "unit": "facilities",
    }
    made = standard_of(cultured, given)
    assert (made.code, made.zh) == ("a b", "标准 一")


@pytest.mark.parametrize("chinese", [False, True])
def test_a_workbook_is_read_back_as_it_was_written(cultured: services.District, chinese: bool) -> None:
    strange = row("=1+1", zh="=SUM(A1)", source="@somebody", number=0.5, dated=date(2026, 1, 2), check=True)
    keep_standard(cultured, strange, by="clerk")
    kept = standards(now(cultured))

    with standards_xlsx(now(cultured), chinese=chinese, notes=["one"], notes_title="About") as file:
        content = file.read()
    cells = [cell for line in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    import_standards(now(cultured), "standards.xlsx", io.BytesIO(content), by="clerk")
    assert standards(now(cultured)) == kept


def csv_of(**changed: str) -> io.BytesIO:
    usual = {"code": "A1", "zh": "标准", "en": "", "level": "T", "kinds": "centre", "number": "2", "unit": "facilities"}
    values = usual | changed
    return io.BytesIO(f"{','.join(values)}\r\n{','.join(values.values())}\r\n".encode())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"level": "X"}, "x.csv, row 2: Level: 'X' is not one of D, T, V."),
        ({"number": "viele"}, "x.csv, row 2: At least: 'viele' is no number."),
        ({"kinds": "zoo"}, "x.csv, row 2: Kinds: 'zoo' is no kind of facility"),
        ({"unit": "beds"}, "x.csv, row 2: Unit of measure: 'beds' is not one of"),
        ({"number": "-1"}, "x.csv, row 2: number=-1.0 is not a number above 0."),
        ({"number": "2e9"}, "x.csv, row 2: At least: '2e9' is no number."),
        ({"number": "2000000000"}, "x.csv, row 2: number=2000000000.0 is larger than anything"),
        ({"number": "30%"}, "x.csv, row 2: At least: '30%' is no number."),
        ({"number": "3千"}, "x.csv, row 2: At least: '3千' is no number."),
        ({"number": '"1,5"'}, "x.csv, row 2: At least: '1,5' is no number."),
        ({"code": '"A,1"'}, "x.csv, row 2: Code: 'A,1' has a comma in it"),
        ({"dated": "someday"}, "x.csv, row 2: Dated: 'someday'"),
        ({"code": ""}, "x.csv, row 2: Code: give a value."),
    ],
)
def test_a_bad_table_is_refused_in_one_sentence(
    cultured: services.District, changed: dict[str, str], told: str
) -> None:
    with pytest.raises(BadInput) as refused:
        import_standards(cultured, "x.csv", csv_of(**changed), by="clerk")

    assert str(refused.value).startswith(told)
    assert now(cultured).present.seq == cultured.present.seq


def test_names_of_kinds_and_levels_are_read_too(cultured: services.District) -> None:
    import_standards(cultured, "x.csv", csv_of(kinds="综合文化中心、文化室", level="镇街级"), by="clerk")

    (kept,) = standards(now(cultured))
    assert (kept.kinds, kept.level, kept.en) == (("centre", "room"), "T", "标准")


def test_a_table_that_lacks_a_column_says_which(cultured: services.District) -> None:
    with pytest.raises(BadInput, match=f"no column unit; its columns are {', '.join(COLUMNS)}"):
        import_standards(cultured, "x.csv", io.BytesIO(b"code,zh,level,kinds,number\nA,B,T,centre,1\n"), by="clerk")


def test_a_code_that_stands_twice_is_refused(cultured: services.District) -> None:
    twice = csv_of().getvalue() + csv_of().getvalue().split(b"\r\n")[1] + b"\r\n"

    with pytest.raises(BadInput, match="row 3: code 'A1' stands in row 2 already"):
        import_standards(cultured, "x.csv", io.BytesIO(twice), by="clerk")


def test_numbers_as_people_write_them_are_read(cultured: services.District) -> None:
    given = {"code": "a", "zh": "标准", "level": "T", "kinds": "centre", "unit": "books"}
    written = {"1,200": 1_200, "12,000.5 册": 12_000.5, "2万册": 20_000, "３００": 300}

    assert {text: standard_of(cultured, given | {"number": text}).number for text in written} == written


def test_two_columns_of_one_meaning_are_refused(cultured: services.District) -> None:
    table = "code,zh,level,kinds,number,unit,不少于\nA,B,T,centre,1,facilities,2\n"

    with pytest.raises(BadInput, match=r"x\.csv has several columns for number: number, 不少于; keep one of them"):
        import_standards(cultured, "x.csv", io.BytesIO(table.encode()), by="clerk")


def test_two_columns_of_one_name_are_refused(cultured: services.District) -> None:
    table = "code,zh,level,kinds,number,unit,number\nA,B,T,centre,1,facilities,2\n"

    with pytest.raises(BadInput, match=r"x\.csv has no row of headings that all differ: number stands there twice"):
        import_standards(cultured, "x.csv", io.BytesIO(table.encode()), by="clerk")


def test_of_too_many_standards_it_is_told_how_many_they_are(cultured: services.District) -> None:
    rows = "".join(f"A{number},B,T,centre,1,facilities\n" for number in range(700))

    with pytest.raises(BadInput, match="700 standards are too many; 500 are the most"):
        import_standards(cultured, "x.csv", io.BytesIO(f"code,zh,level,kinds,number,unit\n{rows}".encode()), by="c")


@pytest.mark.parametrize("name", ["..", ".", "", "a\0b.csv", "../../x.csv", "c:\\x\\y.csv", "集" * 500 + ".csv", " "])
def test_a_file_may_be_called_anything(cultured: services.District, name: str) -> None:
    with pytest.raises(BadInput, match=r"has no row of headings|has no column"):
        import_standards(cultured, name, io.BytesIO(b"code,zh\nX,Y\n"), by="clerk")


def test_a_whole_book_is_no_source(cultured: services.District) -> None:
    text = f"code,zh,level,kinds,number,unit,source\nX,Y,T,centre,1,facilities,{'s' * 501}\n"
    with pytest.raises(BadInput, match=r"row 2: Source: 's{40}' … is longer than 500 letters"):
        import_standards(cultured, "table.csv", io.BytesIO(text.encode()), by="clerk")


def test_a_workbook_of_a_million_rows_is_refused_before_it_is_read(cultured: services.District) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", "<row><c><v>1</v></c></row>" * 500_000)
    file.seek(0)
    with pytest.raises(BadInput, match=r"rows\.xlsx is too large for a table of standards"):
        import_standards(cultured, "rows.xlsx", file, by="clerk")
