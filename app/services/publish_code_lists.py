"""Write the protocol's code lists as the files that others take: CSV, JSON, a MISP taxonomy."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.cells import inert
from app.domain.codelists.mappings import CodeMapping
from app.domain.codelists.misp import misp_taxonomy
from app.domain.codelists.tables import (
    CSV_TYPE,
    INDICATORS_FILE,
    JSON_TYPE,
    Table,
    data_package,
    file_of,
    indicators_document,
    indicators_table,
    mapping_table,
)
from app.domain.indicators import Catalogue

_CSV = f"{CSV_TYPE}; charset=utf-8; header=present"
_DOCUMENT = "indicators.json"
_TAXONOMY = "misp-taxonomy.json"
_PACKAGE = "datapackage.json"


@dataclass(frozen=True, slots=True)
class CodeListFile:
    """One file."""

    media_type: str
    content: bytes


def publish_code_lists(
    catalogue: Catalogue, mappings: Sequence[CodeMapping]
) -> dict[str, CodeListFile]:
    """All files by their path, the same bytes for the same catalogue.

    CSV is that of RFC 4180, in UTF-8. `datapackage.json` says what is in each file, where it
    comes from and under which licence.
    """
    package = data_package(catalogue, mappings, taxonomy=_TAXONOMY, document=_DOCUMENT)
    return {
        INDICATORS_FILE: _file(_CSV, _csv(indicators_table(catalogue))),
        _DOCUMENT: _file(JSON_TYPE, _json(indicators_document(catalogue))),
        _TAXONOMY: _file(JSON_TYPE, _json(misp_taxonomy(catalogue))),
        _PACKAGE: _file(JSON_TYPE, _json(package)),
        **{file_of(each): _file(_CSV, _csv(mapping_table(each))) for each in mappings},
    }


def _file(media_type: str, text: str) -> CodeListFile:
    return CodeListFile(media_type, text.encode())


def _csv(table: Table) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(table.header)
    writer.writerows([inert(cell) for cell in row] for row in table.rows)
    return written.getvalue()


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
