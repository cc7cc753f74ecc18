"""The instance out of which a file is written, and the format that its name asks for."""

from pathlib import Path

import pytest

from geoapp.config import Config
from geoapp.domain.errors import BadInput, NoInstance, StorageFailed
from geoapp.services.writing_files import ending_of, opened, write_file


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.XLSX", "xlsx"), ("一览表.docx", "docx"), ("sites.shp.zip", "shp.zip"), ("v1.2.geojson", "geojson")],
)
def test_the_name_of_a_file_says_its_format(name: str, ending: str) -> None:
    assert ending_of(Path(name), ("xlsx", "docx", "shp.zip", "geojson")) == ending


@pytest.mark.parametrize("name", ["a.pdf", "xlsx", "a.zip"])
def test_a_file_of_another_format_is_refused_naming_those_that_can_be_written(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        ending_of(Path(name), ("xlsx", "shp.zip"))
    assert str(refused.value) == f"{name} does not end like a format that can be written: .xlsx, .shp.zip."


def test_nothing_is_written_out_of_a_folder_that_holds_no_instance(tmp_path: Path) -> None:
    with pytest.raises(NoInstance), opened(Config(instance=tmp_path / "nowhere")):
        pass
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_not_there_is_told_before_anything_is_computed_for_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"There is no folder .*nowhere to write a\.xlsx into"):
        ending_of(tmp_path / "nowhere" / "a.xlsx", ("xlsx",))


def test_what_the_disk_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="refused to keep"):
        write_file(tmp_path / "nowhere" / "a.xlsx", b"a")
    write_file(tmp_path / "a.xlsx", b"a")
    assert (tmp_path / "a.xlsx").read_bytes() == b"a"
