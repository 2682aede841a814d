"""What a country writes: languages, phones, plates, accounts, registers, legal forms, streets.

In patterns `#` is a digit, `@` a letter, `&` a letter that Latin, Greek and Cyrillic
share; everything else stands for itself, `_` for a space.
"""

from typing import NamedTuple

from bench.scenarios.tables import rows


class Country(NamedTuple):
    """mobiles: national numbers without the trunk digit. account: the BBAN. register: a name in
    front of a pattern. weight: its share of what is reported; 0 for a country of origin only.
    """

    code: str
    weight: float
    language: str
    dial: str
    trunk: str
    mobiles: tuple[str, ...]
    plates: tuple[str, ...]
    account: str
    register: str
    nationality: str


def _country(row: str) -> Country:
    code, weight, language, dial, trunk, mobiles, plates, account, register, names = row.split()
    return Country(
        code,
        float(weight),
        language,
        dial,
        trunk.strip("-"),
        tuple(mobiles.split(",")),
        tuple(plate.replace("_", " ") for plate in plates.split(",") if plate != "-"),
        account.strip("-"),
        register.strip("-").replace("_", " "),
        names,
    )


COUNTRIES = {row[:2]: _country(row) for row in rows("countries")}
REPORTING = tuple(each for each in COUNTRIES.values() if each.weight)
ORIGINS = (
    "RO", "BG", "UA", "VN", "NG", "MA", "HU", "PL", "MD", "SK", "CN", "BR", "SY", "GE", "AL", "PH",
    "IN", "CZ", "IT", "ES", "GR", "PT", "DE", "FR", "NL",
)  # fmt: skip
ORIGIN_WEIGHTS = (
    14, 13, 10, 8, 8, 6, 6, 5, 4, 4, 3, 3, 3, 2, 3, 2, 3, 2, 2, 2, 2, 2, 2, 2, 1,
)  # fmt: skip

LEGAL_FORMS = {row[:2]: tuple(row[3:].split(",")) for row in rows("legal_forms")}
TRADES = {row[:2]: tuple(row[3:].split(",")) for row in rows("trades")}


def _streets(row: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    _, kinds, names = row.split(":")
    return tuple(kinds.split(",")), tuple(names.split(","))


STREETS = {row[:2]: _streets(row) for row in rows("streets")}
"""Kinds of street, `|` between the spellings of one, `{}` for the name; and the names."""
