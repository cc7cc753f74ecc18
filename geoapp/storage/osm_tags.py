"""What OpenStreetMap's tags mean here: kinds of facilities, sites, streets and settlements. Presets of our own."""

# (key, value) to a kind of the table facility_kinds.
FACILITIES = {
    ("amenity", "theatre"): "theatre",
    ("tourism", "museum"): "museum",
    ("amenity", "archive"): "archives",
    ("office", "archive"): "archives",
    ("amenity", "library"): "library",
    ("amenity", "arts_centre"): "culture_hall",
    ("amenity", "community_centre"): "township_culture_centre",
    ("tourism", "gallery"): "art_gallery",
    ("amenity", "cinema"): "cinema",
    ("shop", "books"): "bookshop",
    ("leisure", "sports_centre"): "sports_centre",
}
# Kinds that belong to a level unless somebody says otherwise; all others stay without one.
LEVELS = {"theatre": "district", "museum": "district", "archives": "district", "library": "district",
          "township_culture_centre": "township"}  # fmt: skip
COMMERCIAL = frozenset({"cinema", "bookshop"})

# (key, value) to a kind of the table site_kinds: what an inspection looks at.
SITES = {
    ("amenity", "townhall"): "township_office",
    ("amenity", "police"): "police_window",
    ("amenity", "bank"): "bank_post_telecom",
    ("amenity", "post_office"): "bank_post_telecom",
    ("amenity", "hospital"): "hospital",
    ("amenity", "clinic"): "community_health",
    ("amenity", "school"): "school",
    ("amenity", "kindergarten"): "kindergarten",
    ("amenity", "marketplace"): "market",
    ("amenity", "restaurant"): "restaurant",
    ("amenity", "parking"): "car_park",
    ("amenity", "toilets"): "public_toilet",
    ("amenity", "internet_cafe"): "internet_cafe",
    ("amenity", "bus_station"): "coach_station",
    ("railway", "station"): "railway_station",
    ("leisure", "park"): "park",
    ("place", "square"): "square",
    ("tourism", "hotel"): "hotel",
    ("tourism", "attraction"): "scenic_area",
    ("shop", "supermarket"): "mall",
    ("shop", "mall"): "mall",
}

# Kinds of which each one counts although the map knows no name for it; of the others there are too many.
NAMELESS = frozenset({"township_office", "police_window", "hospital", "community_health", "school", "kindergarten",
                      "market", "public_toilet", "coach_station", "railway_station"})  # fmt: skip
# Who may use what is marked so is not the public.
NOT_PUBLIC = frozenset({"private", "no", "customers"})

SETTLEMENTS = {
    "village": "village",
    "hamlet": "village",
    "town": "village",
    "suburb": "community",
    "quarter": "community",
    "neighbourhood": "community",
}

# Roads, ways and paths, and what they are called here. A trunk road is the main one of a region, often through
# villages; one that is closed to slow vehicles says so (motorroad) and is a highway then.
ROADS = {
    "motorway": "highway",
    "motorway_link": "highway",
    "trunk": "main",
    "trunk_link": "main",
    "primary": "main",
    "primary_link": "main",
    "secondary": "main",
    "secondary_link": "main",
    "tertiary": "secondary",
    "tertiary_link": "secondary",
    "unclassified": "country_road",
    "residential": "lane",
    "living_street": "lane",
    "service": "lane",
    "road": "country_road",
    "pedestrian": "footway",
    "footway": "footway",
    "steps": "steps",
    "cycleway": "cycleway",
    "path": "path",
    "bridleway": "path",
    "track": "track",
}
DRIVABLE = frozenset({"highway", "main", "secondary", "country_road", "lane"})
# Streets that people know by name.
STREETS = {name: kind for name, kind in ROADS.items()
           if kind in DRIVABLE and not name.startswith(("motorway", "trunk"))} | {"pedestrian": "lane"}  # fmt: skip
