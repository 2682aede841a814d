"""Extensions: codes that a country or a network adds, each of which counts as a common code.

A report may carry such a code. It is kept as sent, and wherever signs are counted it is the common
code that it maps to (`Catalogue.common`), so that partners elsewhere need not know it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.domain.indicators import Catalogue
from app.domain.protocol.own_words import OwnWords, parse_own_words

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
"""The form of the name of an extension or a profile, which is that of its file."""

OWN_TEXTS = ("label", "explanation", "example", "not")
"""What is told of every own code, as of every indicator of the catalogue."""

_PARTS = frozenset({"prefix", "codes", "texts"})
_OF_CODE = frozenset({"code", "maps_to", "retired"})
_PREFIX = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A code of an extension. maps_to: the common code that it counts as.

    retired: the version that retired it, as of an `Indicator`; None while it is in force.
    """

    code: str
    maps_to: str
    retired: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Extension:
    """The own codes of one country or network, all of which begin with `prefix`, and their texts
    (`OWN_TEXTS`) by code.
    """

    name: str
    prefix: str
    codes: tuple[OwnCode, ...]
    words: OwnWords


def parse_extension(table: Mapping[str, object], *, name: str, catalogue: Catalogue) -> Extension:
    """Check an extension, the table as its file has it.

    Raises ValueError, naming the place, for a prefix that the catalogue uses itself, a code that
    is not of the prefix or is there twice, one that maps to another own code, to no code or, being
    in force, to a retired one, and texts that are missing or belong to nothing.
    """
    if not NAME.fullmatch(name):
        raise ValueError("the name of an extension has small letters, digits and _ only")
    if unknown := sorted(table.keys() - _PARTS):
        raise ValueError(f"{unknown[0]} is not one of {', '.join(sorted(_PARTS))}")
    prefix = _prefix(table.get("prefix"), catalogue)
    listed = table.get("codes")
    if not isinstance(listed, list) or not listed:
        raise ValueError("codes: must be a list of at least one code")
    codes: dict[str, OwnCode] = {}
    for number, each in enumerate(listed, start=1):
        entry = _own_code(each, f"code {number}", prefix)
        where = f"code {number} ({entry.code})"
        if entry.code in codes:
            raise ValueError(f"{where}: is there twice")
        _check_target(entry, where, prefix, catalogue)
        codes[entry.code] = entry
    words = parse_own_words(table.get("texts"), codes, required=OWN_TEXTS)
    return Extension(name, prefix, tuple(codes.values()), words)


def extended(catalogue: Catalogue, extensions: Iterable[Extension]) -> Catalogue:
    """The catalogue, knowing the own codes too.

    Raises ValueError where two extensions share a prefix.
    """
    own: dict[str, str] = {}
    by_prefix: dict[str, str] = {}
    for each in extensions:
        other = by_prefix.setdefault(each.prefix, each.name)
        if other != each.name:
            raise ValueError(f"extensions: {other} and {each.name} share the prefix {each.prefix}")
        own |= {entry.code: entry.maps_to for entry in each.codes}
    return replace(catalogue, own=MappingProxyType(own))


def _prefix(value: object, catalogue: Catalogue) -> str:
    if not isinstance(value, str) or not _PREFIX.fullmatch(value):
        raise ValueError("prefix: must be two capital letters")
    if any(code.partition("-")[0] == value for code in catalogue.codes):
        raise ValueError(f"prefix: {value} is one of the catalogue")
    return value


def _own_code(value: object, where: str, prefix: str) -> OwnCode:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - faults of data are ValueError
    if unknown := sorted(value.keys() - _OF_CODE):
        raise ValueError(f"{where}: {unknown[0]} is not one of {', '.join(sorted(_OF_CODE))}")
    code, maps_to, retired = value.get("code"), value.get("maps_to"), value.get("retired")
    if not isinstance(code, str) or not _is_of(code, prefix):
        raise ValueError(f"{where}: code {code!r} is not of the form {prefix}-01")
    if not isinstance(maps_to, str):
        raise ValueError(f"{where} ({code}): maps_to is missing or no text")  # noqa: TRY004 - as above
    if retired is not None and (not isinstance(retired, str) or not retired.strip()):
        raise ValueError(f"{where} ({code}): retired must be a version")
    return OwnCode(code, maps_to, retired)


def _check_target(entry: OwnCode, where: str, prefix: str, catalogue: Catalogue) -> None:
    if _is_of(entry.maps_to, prefix):
        raise ValueError(f"{where}: maps to {entry.maps_to}, an own code; it must be a common one")
    if entry.maps_to not in catalogue:
        raise ValueError(f"{where}: maps to {entry.maps_to}, which is not in the catalogue")
    if entry.retired is None and catalogue.get(entry.maps_to).retired is not None:
        raise ValueError(f"{where}: maps to {entry.maps_to}, which is retired")


def _is_of(code: str, prefix: str) -> bool:
    first, dash, number = code.partition("-")
    return first == prefix and bool(dash) and _NUMBER.fullmatch(number) is not None
