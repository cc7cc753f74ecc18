"""The terminal: commands in, sentences out.

Imports stand inside the functions here and in geoapp.commands, and nowhere else: `geoapp --help` answers at once.
"""

import os
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geoapp import __version__
from geoapp.commands import coverage, founding, heat, layers, ledger, routes
from geoapp.commands.terminal import configured, progress, say
from geoapp.config import Config
from geoapp.domain.errors import GeoappError, PortTaken

WSGIApplication = Callable[..., Any]


class Sentences(click.Group):
    """A group whose commands refuse in one sentence on standard error, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the domain refuses becomes its sentence."""
        try:
            return super().invoke(ctx)
        except GeoappError as refused:
            click.echo(str(refused), err=True)
            sys.exit(1)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Map a district's model sites and trouble spots.

    The instance folder is taken from GEOAPP_INSTANCE (default: instance).

    Example: geoapp init --demo && geoapp serve
    """
    warnings.showwarning = lambda message, *rest, **more: click.echo(str(message), err=True)


for command in (
    founding.init, founding.demo, layers.import_, layers.export, layers.assign, heat.heat, heat.hotspots,
    routes.roads, routes.routes, coverage.coverage, ledger.ledger, ledger.backup, ledger.restore,
):  # fmt: skip
    main.add_command(command)


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on.  [default: 8000]")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificate (PEM).")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its private key (PEM).")
def serve(host: str | None, port: int | None, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Serve the district's pages until Ctrl-C.

    Example: geoapp serve --port 8080
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from geoapp.services import require_instance

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together.")
    os.environ |= {"GEOAPP_HOST": host} if host else {}
    os.environ |= {"GEOAPP_PORT": str(port)} if port else {}
    # The server's worker reads its settings from the environment too.
    os.environ |= {"GEOAPP_TLS": "yes"} if tls_cert else {}
    config = Config.from_env()
    require_instance(config)
    _require_free(config)
    # One process with several threads: they share the layers in memory, and the ledger lets other processes write.
    Granian(
        "geoapp.cli:application",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=SERVING_THREADS,
        websockets=False,
        log_level=LogLevels.error,
        ssl_cert=tls_cert,
        ssl_key=tls_key,
    ).serve()


SERVING_THREADS = 8


def application() -> WSGIApplication:
    """The WSGI application of the configured instance, ready to answer: what the server calls in its worker."""
    from multiprocessing.util import Finalize

    config = configured()
    from geoapp.services import open_district, warm
    from geoapp.web import create_app

    district = open_district(config, progress=progress("Reading the ledger"))
    warm(say)
    app: WSGIApplication = create_app(district)
    # The server ends its workers without running atexit; a clean stop writes the layer files.
    Finalize(None, district.close, exitpriority=10)
    say(f"geoapp serves {district.describe().name_en} on {config.address} (Ctrl-C stops it)")
    return app


def _require_free(config: Config) -> None:
    # The server would share its port with another one of its kind, and people would reach now one and now the other.
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise PortTaken(
                "{host} port {port} cannot be used ({reason}): choose another one with --port.",
                host=config.host,
                port=config.port,
                reason=error.strerror,
            ) from error
