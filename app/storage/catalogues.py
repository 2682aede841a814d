"""The data files of the product, read once at start and handed on as values."""

import csv
import tomllib
from pathlib import Path

import app
from app.domain.indicators import Catalogue, parse_catalogue
from app.domain.linkage.model import LinkageModel, parse_model

DATA = Path(app.__file__).parent / "data"
_PROTOCOL_VERSION = "1"
_MODEL_VERSION = "2"


def load_catalogue(version: str = _PROTOCOL_VERSION) -> Catalogue:
    """The indicator catalogue of a version. Raises ValueError where a file is wrong."""
    folder = DATA / "protocol" / f"v{version}"
    rules = tomllib.loads((folder / "overrides.toml").read_text(encoding="utf-8"))
    with (folder / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return parse_catalogue(csv.DictReader(file), version=version, rules=rules)


def load_model(version: str = _MODEL_VERSION) -> LinkageModel:
    """The linkage model of a version. Raises ValueError where the file is wrong."""
    text = (DATA / "linkage" / f"v{version}.toml").read_text(encoding="utf-8")
    return parse_model(tomllib.loads(text))
