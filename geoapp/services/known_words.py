"""Words that rows say, and the codes of the district's tables that they mean."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

import msgspec

from geoapp.analysis.values import Unreadable, plain
from geoapp.analysis.words import bare_township
from geoapp.domain.problem import UNCLASSIFIED
from geoapp.domain.selection import Scope
from geoapp.services.browse import wording
from geoapp.services.district import District

_BETWEEN = re.compile(r"\s*[/\\>:：—–-]\s*|\s+")


def text_of(value: Any) -> str:
    """A text as it was written, a number without the ".0" that Excel gives it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value).strip()


def code_of(value: Any) -> str:
    """A text that something is known by: the same one in full-width letters is the same."""
    return plain(text_of(value))


def texts_of(value: Any) -> list[str]:
    """Several texts in one: a JSON list, or texts with commas or 、 between them."""
    if isinstance(value, list | tuple):
        return [text_of(one) for one in value]
    text = text_of(value)
    if text.startswith("["):
        try:
            return [text_of(one) for one in msgspec.json.decode(text, type=list)]
        except msgspec.MsgspecError:
            pass
    return [part.strip() for part in re.split(r"[,，、;；]", text) if part.strip()]


def worded(words: Mapping[str, str], hint: Any) -> Callable[[Any], str]:
    """Reads a word as its code; one that is none is refused where the field knows its codes."""
    kinds = [one for one in (get_args(hint) or (hint,)) if isinstance(one, type) and issubclass(one, StrEnum)]
    known = {str(member): str(member) for kind in kinds for member in kind}

    def read(value: Any) -> str:
        text = plain(value).casefold()
        found = words.get(text) or known.get(text)
        if found is None and known:
            raise Unreadable("{value!r} is none of {known}", value, known=", ".join(known))
        return found or plain(value)

    return read


def codes_of(district: District, table: str) -> dict[str, str]:
    """Code by code itself and by its words in both languages."""
    by_word: dict[str, str] = {}
    for language in ("en", "zh"):
        by_word |= {plain(word).casefold(): code for code, word in wording(district, table, language).items()}
    return by_word | {code.casefold(): code for code in wording(district, table, "zh")}


def coded(codes: Mapping[str, str], strange: Counter[str], *, open_text: bool) -> Callable[[Any], str]:
    """Reads a word of a table as its code; strange: counts the words that no table knows."""

    def read(value: Any) -> str:
        text = code_of(value)
        found = next((codes[form] for form in _forms(text) if form in codes), None)
        if found is not None:
            return found
        strange[text] += 1
        # Kinds and units are open text; a category nobody knows is not yet classified.
        return text if open_text else UNCLASSIFIED

    return read


def _forms(text: str) -> Iterator[str]:
    """A word as people vary it: "02" as the number 2, "环境卫生类", "环境卫生/暴露垃圾", "0201 暴露垃圾"."""
    for part in (text, *reversed(_BETWEEN.split(text))):
        word = part.strip().casefold()
        yield word
        if word.isdecimal():
            yield from (word.zfill(2), word.zfill(4))
        yield from (word.removesuffix(ending) for ending in ("类", "问题", "类问题") if word.endswith(ending))


def township_names(district: District) -> dict[str, str]:
    """Township codes by every usual form of their names; a short form that two of them share is none."""
    codes = list(wording(district, "townships", "zh"))
    official = _official_names(district)
    names = {code: [code, official.get(code, ""), wording(district, "townships", "zh").get(code, ""),
                    wording(district, "townships", "en").get(code, "")] for code in codes}  # fmt: skip
    short: dict[str, set[str]] = {}
    for code, forms in names.items():
        for form in forms:
            short.setdefault(bare_township(form), set()).add(code)
    unique = {form: next(iter(known)) for form, known in short.items() if form and len(known) == 1}
    return unique | {plain(form).casefold(): code for code, forms in names.items() for form in forms if form}


def _official_names(district: District) -> dict[str, str]:
    snapshot = district.present.snapshot("townships")
    rows = snapshot.alive()
    features = map(msgspec.json.decode, snapshot.encoded(rows, Scope.PUBLIC))
    return {one["id"]: one["properties"].get("official_name", "") for one in features}
