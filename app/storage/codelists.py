"""The mappings of our codes to other standards, read once at start and handed on as values."""

import tomllib
from pathlib import Path

import app
from app.domain.codelists.mappings import CodeMapping, parse_mapping
from app.domain.indicators import Catalogue

_PROTOCOL = Path(app.__file__).parent / "data" / "protocol"


def load_mappings(catalogue: Catalogue) -> tuple[CodeMapping, ...]:
    """The mappings of that version of the protocol, by name; a version may have none. Raises
    ValueError where a file is wrong.
    """
    folder = _PROTOCOL / f"v{catalogue.version}" / "mappings"
    return tuple(
        parse_mapping(
            tomllib.loads(path.read_text(encoding="utf-8")), name=path.stem, catalogue=catalogue
        )
        for path in sorted(folder.glob("*.toml"))
    )
