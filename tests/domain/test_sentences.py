"""What is told is the same value in either language."""

from geoapp.domain.sentences import Named, Sentence

WEST, EAST = Named("西乡", "West"), Named("东镇", "East")


def test_a_name_is_read_in_one_language_and_written_in_both() -> None:
    both = Named.listed([WEST, EAST])
    assert both.read_in("zh_Hans_CN") == "西乡、东镇"
    assert both.read_in("en") == "West, East"
    assert str(Sentence("Nobody lives in {names}.", names=both)) == "Nobody lives in 西乡、东镇 (West, East)."


def test_a_name_without_an_english_one_is_written_once() -> None:
    assert str(Named("西乡", "西乡")) == "西乡"
