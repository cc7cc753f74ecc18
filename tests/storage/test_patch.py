"""Merge patches, by the examples of RFC 7396 and by law."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.storage.patch import merge_patch
from tests.storage.plain_memory import merged

# RFC 7396, appendix A, all fifteen.
EXAMPLES = [
    ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
    ('{"a":"b"}', '{"a":null}', "{}"),
    ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
    ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
    ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
    ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
    ('["a","b"]', '["c","d"]', '["c","d"]'),
    ('{"a":"b"}', '["c"]', '["c"]'),
    ('{"a":"foo"}', "null", "null"),
    ('{"a":"foo"}', '"bar"', '"bar"'),
    ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
    ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
    ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
]
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(("value", "patch", "result"), EXAMPLES)
def test_the_examples_of_the_standard_hold(value: str, patch: str, result: str) -> None:
    assert merge_patch(json.loads(value), json.loads(patch)) == json.loads(result)


@given(values, values)
def test_it_agrees_with_the_pseudo_code_of_the_standard_and_changes_no_argument(value: Any, patch: Any) -> None:
    before = json.dumps([value, patch])
    result = merge_patch(value, patch)
    assert json.dumps([value, patch]) == before
    assert result == merged(value, patch)


@given(values, values)
def test_the_same_patch_twice_is_the_same_as_once(value: Any, patch: Any) -> None:
    once = merge_patch(value, patch)
    assert merge_patch(once, patch) == once
