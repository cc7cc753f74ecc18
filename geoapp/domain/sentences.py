"""What is told to people, in whichever language they read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class Sentence:
    """Something to be told: an English text with the names of its values in braces, and the values.

    As a text it is English; `sentence` is the text before its values are set in, which other languages look up.
    """

    __slots__ = ("sentence", "values")

    def __init__(self, sentence: str, /, **values: object) -> None:
        self.sentence = sentence
        self.values: Mapping[str, object] = values

    def __str__(self) -> str:
        return self.sentence.format(**self.values) if self.values else self.sentence

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, Sentence) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a sentence that has a name in either language; as a text both of them."""

    zh: str
    en: str

    @classmethod
    def listed(cls, names: Iterable["Named"]) -> "Named":
        """Several names as one list."""
        every = tuple(names)
        return cls("、".join(one.zh for one in every), ", ".join(one.en for one in every))

    def read_in(self, language: str) -> str:
        """The name for readers of a language: "zh", or any other."""
        return self.zh if language.startswith("zh") else self.en

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} ({self.en})"
