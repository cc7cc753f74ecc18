"""What all commands have in common: how they are configured, ask, and tell."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from geoapp.config import Config

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")


def configured() -> Config:
    """The configuration, before numba is imported: it reads at import where its compiled kernels are to be kept."""
    config = Config.from_env()
    # In the instance, since the package may lie where nobody can write.
    os.environ.setdefault("NUMBA_CACHE_DIR", str((config.instance / "cache" / "numba").absolute()))
    return config


def told(facts: dict[str, Any], as_json: bool) -> None:
    """One JSON object for machines, or its sentence."""
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else facts["sentence"])


def say(sentence: str) -> None:
    """A sentence beside what a command puts out."""
    click.echo(sentence, err=True)


def progress(action: str) -> Callable[[int, int], None]:
    """A line on the terminal that counts; silent where nobody watches."""
    shown = sys.stderr.isatty()

    def report(done: int, total: int) -> None:
        if shown:
            click.echo(f"\r{action}: {done:,} of {total:,}" + ("\n" if done >= total else ""), nl=False, err=True)

    return report


def chosen(where: str) -> Any:
    """The selection that the parameters of a link name."""
    from urllib.parse import parse_qs

    from geoapp.domain.selection import Selection

    return Selection.parse(parse_qs(where, keep_blank_values=True))
