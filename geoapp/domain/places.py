"""Townships, villages, streets, sites and facilities: where things are.

Every feature is its own record plus a `Located`: the fields that all layers share. An unknown value is None and is
left out where the feature is written; it is never 0 and never an empty text.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Precision(StrEnum):
    """How well a position is known; a feature without geometry has NONE."""

    EXACT = "exact"
    SITE = "site"
    STREET = "street"
    VILLAGE = "village"
    TOWNSHIP = "township"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What every feature carries beside its own record.

    township, township_name: the unit that this feature counts for; None outside all of them. While boundaries are
    schematic the township that the source stated governs, with official ones the one that covers the point.
    township_stated, township_joined: what the source named and what the spatial join found, the latter only where it
    differs from `township`.
    nearest_township, nearest_township_m: for points outside all townships, the nearest one and its distance in metres.
    placed_by: the name that gave the position, where no coordinates were given.
    near_border: whether a township's border is so near that a small error of position would change the township.
    street, street_distance_m: id of the nearest street within reach and the way to it in metres.
    """

    name: str
    name_en: str | None = None
    township: str | None = None
    township_name: str | None = None
    township_stated: str | None = None
    township_joined: str | None = None
    nearest_township: str | None = None
    nearest_township_m: float | None = None
    near_border: bool = False
    street: str | None = None
    street_distance_m: float | None = None
    village: str | None = None
    position_precision: Precision = Precision.EXACT
    placed_by: str | None = None
    synthetic: bool = False
    source: str | None = None
    updated_at: datetime | None = None


class FacilityStatus(StrEnum):
    """How far a facility's building is; one that says nothing of it is taken to stand, as lists of facilities mean it.

    RENOVATING (改造): it comes back. CLOSED (闭馆) and WITHDRAWN: it does not, as far as anybody knows.
    """

    PLANNED = "planned"
    BUILDING = "building"
    BUILT = "built"
    RENOVATING = "renovating"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


COMING = frozenset({FacilityStatus.PLANNED, FacilityStatus.BUILDING, FacilityStatus.RENOVATING})


class TownshipKind(StrEnum):
    """The township-level units of a district."""

    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    ETHNIC_TOWNSHIP = "ethnic_township"
    AREA = "area"
    ZONE = "zone"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True, kw_only=True)
class Township:
    """A township-level unit (镇乡街道); a development zone may have no area of its own.

    area_km2 is the published figure, which need not be that of a schematic boundary. overlay marks units that lie
    over others and take no part in the spatial join. population counts what population_note says.
    """

    code: str
    kind: TownshipKind
    official_name: str | None = None
    population: int | None = None
    population_note: str | None = None
    area_km2: float | None = None
    area_source: str | None = None
    seat_lon: float | None = None
    seat_lat: float | None = None
    villages: int | None = None
    communities: int | None = None
    overlay: bool = False
    schematic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village (村) or community (社区) with its 12-digit code; names repeat, so township and name are the key."""

    code: str
    kind: str
    population: int | None = None
    children: int | None = None
    elderly: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationCell:
    """A cell of an uploaded grid of people, standing at one point of it. children: up to 14; elderly: 65 and older."""

    people: float
    children: float | None = None
    elderly: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street or road (道路、街巷), with the people's own word for its class.

    kind: open text with presets main, secondary, lane, country_road, highway.
    """

    kind: str
    length_m: float | None = None
    schematic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A road or path with what it says of who may use it.

    kind: as for streets, and cycleway, footway, path, steps, track. oneway: forward along its line or backward against
    it. two_way_for, uses: car, bus, bicycle, foot, by commas; uses none for nobody, None for all that its kind is for.
    level: above 0 for bridges, below 0 for tunnels: roads of different levels do not join where they cross.
    """

    kind: str
    length_m: float | None = None
    schematic: bool = False
    oneway: str | None = None
    two_way_for: str | None = None
    uses: str | None = None
    level: int | None = None
    limit_kmh: float | None = None
    height_m: float | None = None
    width_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site (点位) in up to three roles: demonstration site, survey point, trouble spot.

    kind: open text, presets in the table site_kinds. group: T townships, W window units, C communities, M main
    streets. build_status: planned, building, built or withdrawn. facility_id: the facility that this site is.
    """

    kind: str
    is_demonstration: bool = False
    is_survey_point: bool = False
    is_trouble_spot: bool = False
    group: str | None = None
    build_status: str | None = None
    facility_id: str | None = None
    address: str | None = None
    lead_unit: str | None = None
    visit_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A public cultural facility (公共文化设施).

    kind: open text, presets in the table facility_kinds. level: district, township or village. ownership: public or
    private; private ones stay out of the public denominator. shared_with: id of the facility it shares a building with.
    evidence_photo, evidence_notice, evidence_area: SHA-256 of pictures that prove it: itself, the notice of its opening
    hours, its floor area.
    """

    kind: str
    level: str | None = None
    build_status: str | None = None
    expected_opening: date | None = None
    address: str | None = None
    floor_area_m2: float | None = None
    outdoor_area_m2: float | None = None
    seats: int | None = None
    books: int | None = None
    staff: int | None = None
    opening_hours: str | None = None
    hours_per_week: float | None = None
    step_free: bool | None = None
    free_of_charge: bool | None = None
    grade: str | None = None
    operator: str | None = None
    year_built: int | None = None
    ownership: str | None = None
    shared_with: str | None = None
    checked_on: date | None = None
    evidence_photo: tuple[str, ...] = ()
    evidence_notice: tuple[str, ...] = ()
    evidence_area: tuple[str, ...] = ()
