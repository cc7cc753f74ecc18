"""Pieces of work come back in their turn, and what goes wrong with one of them is told."""

import functools
import os
import time
from collections.abc import Callable, Iterator

import pytest

from geoapp.domain.errors import GeoappError
from geoapp.services.in_processes import ordered, processes_or_default


def slow_first() -> Callable[[int], tuple[int, int]]:
    def work(piece: int) -> tuple[int, int]:
        time.sleep(0.2 if piece == 0 else 0)
        return piece, os.getpid()

    return work


def dying() -> Callable[[int], None]:
    return lambda piece: os._exit(1)


def failing() -> Callable[[int], float]:
    return lambda piece: 1 / piece


def pieces(number: int, taken: list[int]) -> Iterator[tuple[int, int]]:
    for piece in range(number):
        taken.append(piece)
        yield piece * 10, piece


def test_results_come_in_the_order_of_the_pieces_and_few_are_read_ahead() -> None:
    taken: list[int] = []
    seen = []
    for note, (piece, process) in ordered(slow_first, pieces(12, taken), processes=2):
        assert note == piece * 10
        assert len(taken) <= piece + 3
        seen.append((piece, process))

    assert [piece for piece, _ in seen] == list(range(12))
    assert os.getpid() not in {process for _, process in seen}


def test_one_piece_or_one_process_needs_no_other() -> None:
    for processes, number in ((1, 5), (2, 1)):
        seen = list(ordered(slow_first, pieces(number, []), processes=processes))
        assert {process for _, (_, process) in seen} == {os.getpid()}
    assert list(ordered(slow_first, [], processes=2)) == []


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(ordered(functools.partial(failing), pieces(4, []), processes=2))


def test_a_process_that_dies_is_told_in_a_sentence() -> None:
    with pytest.raises(GeoappError, match="Try again with fewer --processes"):
        list(ordered(dying, pieces(4, []), processes=2))


def test_one_core_is_left_to_others() -> None:
    assert processes_or_default(3) == 3
    assert 1 <= processes_or_default(None) <= (os.cpu_count() or 1)
