"""`tessera export codelists`: the protocol's code lists as files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.running import refuse
from app.services.publish_code_lists import publish_code_lists
from app.storage.catalogues import load_catalogue
from app.storage.codelists import load_mappings


def codelists(
    to: Annotated[
        Path, typer.Option("--to", help="The folder to write into; made if it is not there.")
    ],
) -> None:
    """Write the indicators as CSV, JSON and a MISP taxonomy, and the mappings to other standards.

    The files are those of /v1/protocol/codelists; datapackage.json says what they hold, where it
    comes from and under which licence. Files of the same names are replaced.
    """
    catalogue = load_catalogue()
    for name, file in publish_code_lists(catalogue, load_mappings(catalogue)).items():
        path = to / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        except OSError as error:
            refuse(f"{path} cannot be written: {error.strerror}")
        print(path)
