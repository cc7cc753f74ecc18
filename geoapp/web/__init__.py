"""HTTP in and out."""

from pathlib import Path

from flask import Flask

from geoapp.maps.assets import use_own_assets
from geoapp.paths import room
from geoapp.services import District, Uploads
from geoapp.services.routes import PlanningDesk
from geoapp.web import (
    api,
    coverage,
    coverage_days,
    coverage_evidence,
    coverage_lines,
    coverage_map,
    coverage_next,
    coverage_papers,
    coverage_standards,
    coverage_township,
    data,
    downloads,
    errors,
    features,
    health,
    heat,
    heat_cells,
    heat_pack,
    heat_taking,
    home,
    language,
    leader,
    openapi,
    placing,
    requests,
    routes,
    routes_month,
    routes_papers,
    routes_phone,
    routes_plan,
    routes_sampling,
    routes_scores,
    routes_tour,
    search,
    tables,
    tiles,
    townships,
)

# What people bring may be large; more than this is no file of an office.
LARGEST_REQUEST = 1024**3
STATIC = Path(__file__).parent / "static"
# Each has its blueprint.
RESOURCES = (
    home, leader, search, townships, data, placing, tables, features, downloads, tiles, api, openapi, health, heat,
    heat_cells, heat_pack, heat_taking, routes, routes_month, routes_papers, routes_phone, routes_plan,
    routes_sampling, routes_scores, routes_tour, coverage, coverage_map, coverage_next, coverage_lines,
    coverage_standards, coverage_evidence, coverage_papers, coverage_township, coverage_days,
)  # fmt: skip


def create_app(district: District) -> Flask:
    """The WSGI application of an opened district."""
    app = Flask("geoapp.web", template_folder=str(room("templates")), static_folder=str(STATIC))
    app.extensions["geoapp"] = district
    app.extensions["geoapp-uploads"] = Uploads(district)
    app.extensions["geoapp-planning"] = PlanningDesk(district)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    use_own_assets(f"{app.static_url_path}/vendor")
    language.install(app)
    requests.install(app)
    errors.install(app)
    app.jinja_env.globals["page_of"] = features.page_of
    app.jinja_env.globals["place_page"] = features.place_page
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    return app
