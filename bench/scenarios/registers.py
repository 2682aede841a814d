"""Numbers of firms in their registers, with right check digits where a country has them."""

from collections.abc import Callable
from random import Random

from stdnum import luhn
from stdnum.bg import vat as bulgarian
from stdnum.cz import dic as czech
from stdnum.es import cif as spanish
from stdnum.pt import nif as portuguese

_LEGAL_PERSON = "B"
"""The letter of a Spanish limited company."""


def _belgian(body: str) -> str:
    return f"0{body}{97 - int(body) % 97:02}"


def _spanish(body: str) -> str:
    number = _LEGAL_PERSON + body
    return number + spanish.calc_check_digits(number)[0]


_COMPLETED: dict[str, tuple[int, Callable[[str], str]]] = {
    "BE": (6, lambda body: _belgian(f"4{body}")),
    "BG": (8, lambda body: body + bulgarian.calc_check_digit_legal(body)),
    "CZ": (6, lambda body: f"2{body}{czech.calc_check_digit_legal(f'2{body}')}"),
    "SK": (6, lambda body: f"3{body}{czech.calc_check_digit_legal(f'3{body}')}"),
    "ES": (7, _spanish),
    "FR": (8, lambda body: body + luhn.calc_check_digit(body)),
    "PT": (7, lambda body: f"5{body}{portuguese.calc_check_digit(f'5{body}')}"),
    "SE": (7, lambda body: f"55{body}{luhn.calc_check_digit(f'55{body}')}"),
}


def has_check_digits(country: str) -> bool:
    """Whether numbers of this country are made here."""
    return country in _COMPLETED


def register_number(chance: Random, country: str) -> str:
    """A number of such a country."""
    digits, complete = _COMPLETED[country]
    return complete(f"{chance.randrange(10**digits):0{digits}}")
