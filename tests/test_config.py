"""Settings come from the environment, and a slip in a name is told."""

from pathlib import Path

import pytest

from geoapp.config import Config
from geoapp.domain.errors import BadInput


def test_nothing_set_gives_the_defaults() -> None:
    assert Config.from_env({"HOME": "/root"}) == Config(Path("instance"), None, "127.0.0.1", 8000)


def test_every_setting_can_be_given() -> None:
    env = {"GEOAPP_INSTANCE": "/data/d", "GEOAPP_PUBLIC": "viewer", "GEOAPP_HOST": "0.0.0.0", "GEOAPP_PORT": "80"}

    assert Config.from_env(env) == Config(Path("/data/d"), "viewer", "0.0.0.0", 80)


def test_a_misspelt_setting_is_named_with_the_nearest_right_one() -> None:
    with pytest.warns(UserWarning, match="GEOAPP_INSTANSE is not a setting of geoapp; did you mean GEOAPP_INSTANCE"):
        Config.from_env({"GEOAPP_INSTANSE": "x"})


@pytest.mark.parametrize(
    ("name", "value"), [("GEOAPP_PUBLIC", "all"), ("GEOAPP_PORT", "http"), ("GEOAPP_PORT", "70000")]
)
def test_a_value_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"{name}='{value}'"):
        Config.from_env({name: value})
