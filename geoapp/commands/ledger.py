"""Commands that look after what is kept: verify, backup, restore."""

import json
import sys
from pathlib import Path

import click

from geoapp.commands.terminal import json_option, told
from geoapp.config import Config


@click.group()
def ledger() -> None:
    """The ledger: every change that was ever made.

    Example: geoapp ledger verify
    """


@ledger.command()
@json_option
def verify(as_json: bool) -> None:
    """Read everything and compare it with its digests; exit 1 if anything is not as it was written.

    Example: geoapp ledger verify --json
    """
    from geoapp.services import verify_instance

    verdict = verify_instance(Config.from_env())
    if as_json:
        click.echo(json.dumps(verdict, ensure_ascii=False))
    else:
        for fault in verdict["faults"]:
            click.echo(fault["sentence"], err=True)
        click.echo(
            f"{verdict['commits']} commits with {verdict['changes']} changes: "
            + ("clean." if verdict["ok"] else "NOT clean.")
        )
    sys.exit(0 if verdict["ok"] else 1)


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(archive: Path, as_json: bool) -> None:
    """Write ledger, private data and photos into one archive; the service may go on meanwhile.

    Example: geoapp backup /media/usb/geoapp.tar
    """
    from geoapp.services import backup_instance

    told(backup_instance(Config.from_env(), archive), as_json)


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(archive: Path, as_json: bool) -> None:
    """Unpack a backup into the instance folder, which must be empty, after checking all of it.

    Example: GEOAPP_INSTANCE=restored geoapp restore /media/usb/geoapp.tar
    """
    from geoapp.services import restore_instance

    told(restore_instance(Config.from_env(), archive), as_json)
