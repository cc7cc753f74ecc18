"""No text is missing in Chinese."""

import ast
import io
from pathlib import Path

from babel.messages import extract, pofile

ROOT = Path(__file__).parents[2]
PLACES = [
    ("geoapp", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2")]),
]
# What readers are told when they ask for what cannot be: these are sentences of their own.
TOLD = dict.fromkeys(
    (
        "BadInput",
        "UnknownParameter",
        "NotFound",
        "NotAllowed",
        "Conflict",
        "PlanningFailed",
        "said",
        "Sentence",
        "Unreadable",
    )
) | {"Rejected": (4,)}
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


# They hand on what was said elsewhere.
PASSING_ON = {"recording.py", "reading.py"}
KEYWORDS = extract.DEFAULT_KEYWORDS | TOLD


def messages() -> set[str]:
    found: set[str] = set()
    for folder, methods in PLACES:
        for _, _, message, _, _ in extract.extract_from_dir(str(ROOT / folder), methods, OPTIONS, KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


def test_every_text_is_translated_and_no_translation_is_left_over() -> None:
    catalogue = pofile.read_po(
        io.BytesIO((ROOT / "geoapp/translations/zh/LC_MESSAGES/messages.po").read_bytes()), locale="zh"
    )
    translated = {str(message.id) for message in catalogue if message.id and message.string and not message.fuzzy}

    assert len(messages()) > 100
    assert messages() - translated == set()
    assert translated - messages() == set()


def test_translations_keep_their_placeholders() -> None:
    catalogue = pofile.read_po(
        io.BytesIO((ROOT / "geoapp/translations/zh/LC_MESSAGES/messages.po").read_bytes()), locale="zh"
    )

    assert [
        (message.id, list(map(str, message.check(catalogue)))) for message in catalogue if message.check(catalogue)
    ] == []


def test_a_sentence_is_written_where_it_is_said_since_others_are_never_found_for_translation() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "geoapp").rglob("*.py")
        if path.name not in PASSING_ON
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Sentence"
        if call.args and not isinstance(call.args[0], (ast.Constant, ast.Attribute))
    ]

    assert hidden == []
