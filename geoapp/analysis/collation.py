"""How names are put in order."""

from pypinyin import lazy_pinyin


def collation_key(name: str) -> tuple[list[str], str]:
    """A key that sorts Chinese names by their sound (Hanyu Pinyin) and all others by their letters, ignoring case."""
    return [syllable.casefold() for syllable in lazy_pinyin(name)], name
