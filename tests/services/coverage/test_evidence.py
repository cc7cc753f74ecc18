"""What proves a facility: kept, counted, refused."""

import io

import pytest
from PIL import Image

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, Conflict, NotFound
from geoapp.domain.selection import Scope, Selection
from geoapp.services.coverage.evidence import (
    MOST_PICTURES,
    add_evidence,
    checklist,
    evidence_picture,
    remove_evidence,
)
from geoapp.services.coverage.inventory import inventory
from geoapp.storage.photos import named_in


def picture(colour: str = "red", format: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, format)
    return out.getvalue()


def now(district: services.District) -> services.District:
    return services.at_this_moment(district)


def proofs(district: services.District, id: str) -> dict[str, list[str]]:
    found = services.details(now(district), "facilities", id, Scope.FULL)["properties"]
    return {name: value for name, value in found.items() if name.startswith("evidence")}


def test_a_picture_is_kept_without_what_its_camera_wrote_and_counted(cultured: services.District) -> None:
    for name in ("evidence_photo", "evidence_notice", "evidence_area"):
        add_evidence(now(cultured), "C1", name, picture(), by="clerk")
    add_evidence(now(cultured), "C2", "evidence_photo", picture("blue"), by="clerk")

    (sha256,) = proofs(cultured, "C1")["evidence_photo"]
    kept = evidence_picture(now(cultured), "C1", sha256, Scope.FULL)
    assert Image.open(io.BytesIO(kept)).format == "JPEG"
    found = checklist(now(cultured), Selection(), Scope.FULL)
    # All but the private museum and the one that was given up.
    assert [one["id"] for one in found.facilities] == ["C1", "C2", "F1", "M2", "R1", "R2"]
    # Of the centre that is being built there is a picture, and nothing else.
    assert (found.whole, found.lacking) == (1, {"evidence_photo": 4, "evidence_notice": 5, "evidence_area": 5})
    assert inventory(now(cultured), CoverageQuestion()).evidence == (1, 6)


def test_the_checklist_is_filtered_by_place_kind_and_lack(cultured: services.District) -> None:
    add_evidence(cultured, "C1", "evidence_photo", picture(), by="clerk")

    def ids(lacking: str | None, **chosen: tuple[str, ...]) -> list[str]:
        return [one["id"] for one in checklist(now(cultured), Selection(**chosen), Scope.FULL, lacking).facilities]

    assert ids("evidence_photo", township=("W",)) == ["R1", "R2"]
    assert ids("any", kind=("centre",)) == ["C1", "C2"]
    with pytest.raises(BadInput, match="lacking='x'"):
        ids("x")


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", picture()[:40], b"PK\x03\x04" * 10]
)
def test_what_is_no_picture_is_refused(cultured: services.District, content: bytes) -> None:
    with pytest.raises(BadInput, match="no picture that can be read"):
        add_evidence(cultured, "C1", "evidence_photo", content, by="clerk")


def test_what_is_asked_of_nobody_is_refused(cultured: services.District) -> None:
    with pytest.raises(BadInput, match="evidence='name'"):
        add_evidence(cultured, "C1", "name", picture(), by="clerk")
    with pytest.raises(NotFound):
        add_evidence(cultured, "nobody", "evidence_photo", picture(), by="clerk")
    with pytest.raises(NotFound):
        evidence_picture(cultured, "C1", "0" * 64, Scope.FULL)


def test_two_at_once_are_told_of_each_other(cultured: services.District) -> None:
    add_evidence(cultured, "C1", "evidence_photo", picture(), by="one")

    with pytest.raises(Conflict):
        add_evidence(cultured, "C1", "evidence_photo", picture("blue"), by="other")


def test_there_is_room_for_so_many_and_one_can_be_taken_away(cultured: services.District) -> None:
    for number in range(MOST_PICTURES):
        add_evidence(now(cultured), "C1", "evidence_area", picture(f"rgb({20 * number},0,0)"), by="clerk")
    with pytest.raises(BadInput, match="take one away first"):
        add_evidence(now(cultured), "C1", "evidence_area", picture("white"), by="clerk")

    first = proofs(cultured, "C1")["evidence_area"][0]
    remove_evidence(now(cultured), "C1", "evidence_area", first, by="clerk")
    assert len(proofs(cultured, "C1")["evidence_area"]) == MOST_PICTURES - 1
    with pytest.raises(NotFound):
        remove_evidence(now(cultured), "C1", "evidence_area", first, by="clerk")


def test_the_ledger_knows_the_pictures_and_the_public_does_not(cultured: services.District) -> None:
    add_evidence(cultured, "C1", "evidence_photo", picture(), by="clerk")
    found = services.details(now(cultured), "facilities", "C1", Scope.FULL)

    assert len(list(named_in(found))) == 1
    assert not cultured.store.photos.verify()
    assert "evidence_photo" not in services.details(now(cultured), "facilities", "C1", Scope.PUBLIC)["properties"]
    (sha256,) = proofs(cultured, "C1")["evidence_photo"]
    with pytest.raises(NotFound):
        evidence_picture(now(cultured), "C1", sha256, Scope.PUBLIC)
