"""The toy district over HTTP."""

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.web import create_app


@pytest.fixture
def client(district: services.District) -> FlaskClient:
    """A browser on the district's own machine that reads English."""
    made = create_app(district).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made
