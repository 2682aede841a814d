"""The root of the command line. Each group of commands lives in a file of its own."""

import signal

import typer

from app.cli import (
    auditing,
    checking,
    codelists,
    contract,
    database,
    importing,
    linking,
    organisations,
    quality,
    service,
    stoplist,
    working,
)
from app.cli.demo.command import demo
from app.cli.running import leave_orderly_on_sigterm

app = typer.Typer(
    help="Links fragments of possible trafficking in human beings into explained case leads.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _begin() -> None:
    """Link fragments of possible trafficking in human beings into explained case leads."""
    leave_orderly_on_sigterm(128 + signal.SIGTERM)


app.command()(demo)
app.command()(service.serve)
app.command()(working.worker)
app.add_typer(database.app, name="db", help="The schema of the database.")
app.add_typer(organisations.org, name="org")
app.add_typer(organisations.client, name="client")
app.add_typer(organisations.person, name="person")
app.command("import")(importing.import_)
app.command()(linking.status)
app.command()(checking.check)
app.command()(quality.evaluate)
app.add_typer(linking.export_app, name="export", help="What was found, for other programs.")
linking.export_app.command()(codelists.codelists)
app.command()(linking.relink)
app.add_typer(stoplist.app, name="stoplist", help="Values that must never link.")
app.add_typer(auditing.app, name="audit", help="The access log.")
app.command()(contract.openapi)
