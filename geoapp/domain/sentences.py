"""What is told to people, in whichever language they read."""

from collections.abc import Mapping


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
