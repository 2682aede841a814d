"""The data files of the product, read once at start and handed on as values."""

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import app
from app.domain.indicators import Catalogue
from app.domain.linkage.model import LinkageModel, parse_model
from app.domain.protocol.catalogue import check_succession, parse_catalogue
from app.domain.protocol.checklists import Checklist, parse_checklist
from app.domain.protocol.extensions import Extension, extended, parse_extension
from app.domain.protocol.profiles import PartnerProfile, parse_profile
from app.domain.protocol.protocol import Protocol, build_protocol
from app.domain.protocol.texts import KINDS, Texts, parse_texts
from app.storage.protocol_lock import check_lock

DATA = Path(app.__file__).parent / "data"
_PROTOCOL = DATA / "protocol"
_PROTOCOL_VERSION = "1"
_MODEL_VERSION = "2"
_VERSION_FOLDER = re.compile(r"v([1-9][0-9]*)")
_Parsed = TypeVar("_Parsed")


def load_catalogue(version: str = _PROTOCOL_VERSION, folder: Path = _PROTOCOL) -> Catalogue:
    """The indicator catalogue of a version, knowing the codes of its extensions. Raises ValueError
    where a file is wrong.
    """
    catalogue, _ = _catalogue(version, folder)
    return catalogue


@cache
def load_protocol(version: str = _PROTOCOL_VERSION, folder: Path = _PROTOCOL) -> Protocol:
    """A version of the protocol whole: catalogue, checklists, texts, extensions, profiles. Read
    once a process.

    The versions before it lie beside it, so that what reports were written under can be checked:
    each must keep the codes of the one before, and be as it was released (`protocol_lock`).
    Raises ValueError, naming file and place, where anything is wrong or missing.
    """
    versions = tuple(each for each in _versions(folder) if int(each) <= int(version))
    if version not in versions:
        raise ValueError(f"protocol/v{version} is missing")
    read = [_catalogue(each, folder) for each in versions]
    for (older, _), (newer, _) in pairwise(read):
        check_succession(older, newer)
    files, (catalogue, extensions) = folder / f"v{version}", read[-1]
    whole = build_protocol(
        catalogue, _checklists(files, catalogue), _texts(files), versions=versions
    )
    for each in versions:
        check_lock(folder / f"v{each}")
    return replace(
        whole,
        extensions={each.name: each for each in extensions},
        profiles={each.name: each for each in _profiles(files, catalogue)},
    )


def load_protocols(
    version: str = _PROTOCOL_VERSION, folder: Path = _PROTOCOL
) -> Mapping[str, Protocol]:
    """All versions up to this one, oldest first, for reports keep the version that they were
    written under. Raises as `load_protocol`.
    """
    newest = load_protocol(version, folder)
    return {each: load_protocol(each, folder) for each in newest.versions}


def load_model(version: str = _MODEL_VERSION) -> LinkageModel:
    """The linkage model of a version. Raises ValueError where the file is wrong."""
    text = (DATA / "linkage" / f"v{version}.toml").read_text(encoding="utf-8")
    return parse_model(tomllib.loads(text))


def _versions(folder: Path) -> list[str]:
    """The versions in a folder, oldest first."""
    found = [_VERSION_FOLDER.fullmatch(each.name) for each in folder.iterdir()]
    return sorted((each[1] for each in found if each), key=int)


def _catalogue(version: str, folder: Path) -> tuple[Catalogue, list[Extension]]:
    files = folder / f"v{version}"
    rules = _toml(files / "overrides.toml")
    with (files / "indicators.csv").open(encoding="utf-8", newline="") as file:
        common = parse_catalogue(csv.DictReader(file), version=version, rules=rules)
    extensions = _each(
        files / "extensions",
        lambda name, table: parse_extension(table, name=name, catalogue=common),
    )
    return extended(common, extensions), extensions


def _checklists(files: Path, catalogue: Catalogue) -> list[Checklist]:
    return _each(
        files / "checklists",
        lambda name, table: parse_checklist(table, sector=name, catalogue=catalogue),
    )


def _profiles(files: Path, catalogue: Catalogue) -> list[PartnerProfile]:
    return _each(
        files / "profiles", lambda name, table: parse_profile(table, name=name, catalogue=catalogue)
    )


def _each(folder: Path, parse: Callable[[str, Mapping[str, object]], _Parsed]) -> list[_Parsed]:
    """What the files of a folder say, by name. Raises ValueError that begins with the file."""
    parsed = []
    for path in sorted(folder.glob("*.toml")):
        try:
            parsed.append(parse(path.stem, _toml(path)))
        except ValueError as error:
            raise ValueError(f"{folder.name}/{path.name}: {error}") from None
    return parsed


def _texts(files: Path) -> Texts:
    tables: dict[str, dict[str, Mapping[str, object]]] = {}
    for path in sorted((files / "texts").glob("*/*.toml")):
        if path.stem in KINDS:
            tables.setdefault(path.parent.name, {})[path.stem] = _toml(path)
    return parse_texts(tables)


def _toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from None
