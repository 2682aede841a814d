"""Profiles: the common codes that one organisation or sector works with, in its own words.

A profile adds no code. What is reported by it is a common code, whatever it is called there. The
four lists of the Delphi rule, which are called profiles too, are in `indicators`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.indicators import Catalogue
from app.domain.protocol.checklists import SECTORS
from app.domain.protocol.extensions import NAME
from app.domain.protocol.own_words import OwnWords, parse_own_words

_PARTS = frozenset({"sector", "codes", "texts"})


@dataclass(frozen=True, eq=False, slots=True)
class PartnerProfile:
    """A part of the catalogue in own words.

    sector: whose it is (one of `SECTORS`); None where it is not that of a sector.
    codes: common codes, in the order in which they are shown.
    words: by code a `label` and, where there is one, a `hint` for those who work by the profile.
    """

    name: str
    sector: str | None
    codes: tuple[str, ...]
    words: OwnWords


def parse_profile(
    table: Mapping[str, object], *, name: str, catalogue: Catalogue
) -> PartnerProfile:
    """Check a profile, the table as its file has it.

    Raises ValueError, naming the place, for a sector that is none, for a code that is there twice,
    is unknown, retired or one of an extension, and for texts that are missing or belong to nothing.
    """
    if not NAME.fullmatch(name):
        raise ValueError("the name of a profile has small letters, digits and _ only")
    if unknown := sorted(table.keys() - _PARTS):
        raise ValueError(f"{unknown[0]} is not one of {', '.join(sorted(_PARTS))}")
    sector = table.get("sector")
    if sector is not None and (not isinstance(sector, str) or sector not in SECTORS):
        raise ValueError(f"sector: {sector!r} is not one of {', '.join(SECTORS)}")
    listed = table.get("codes")
    if not isinstance(listed, list) or not listed:
        raise ValueError("codes: must be a list of at least one code")
    for number, code in enumerate(listed, start=1):
        _check_code(code, f"code {number}", catalogue)
        if listed.index(code) != number - 1:
            raise ValueError(f"code {number}: {code} is there twice")
    words = parse_own_words(table.get("texts"), listed, required=("label",), optional=("hint",))
    return PartnerProfile(name, sector, tuple(listed), words)


def _check_code(code: object, where: str, catalogue: Catalogue) -> None:
    if not isinstance(code, str) or code not in catalogue:
        own = catalogue.own.get(code) if isinstance(code, str) else None
        if own is not None:
            raise ValueError(f"{where}: {code} is of an extension; its common code is {own}")
        raise ValueError(f"{where}: {code!r} is not in the catalogue")
    if catalogue.get(code).retired is not None:
        raise ValueError(f"{where}: {code} is retired")
