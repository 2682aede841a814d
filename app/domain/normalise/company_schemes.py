"""Registration and tax numbers of companies: shape and check digit by country.

Tables and checks alone; how a written number is read is in `company`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import lei
from stdnum.at import uid
from stdnum.be import vat as be_vat
from stdnum.bg import vat as bg_vat
from stdnum.by import unp
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.ee import kmkr, registrikood
from stdnum.es import nif
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren, tva
from stdnum.gb import vat as gb_vat
from stdnum.gr import vat as gr_vat
from stdnum.hr import oib
from stdnum.hu import anum
from stdnum.it import iva
from stdnum.lt import pvm
from stdnum.lu import tva as lu_tva
from stdnum.lv import pvn
from stdnum.md import idno
from stdnum.nl import bsn, btw
from stdnum.pl import nip, regon
from stdnum.pt import nif as pt_nif
from stdnum.ro import cui
from stdnum.rs import pib
from stdnum.ru import inn, ogrn
from stdnum.se import orgnr
from stdnum.si import ddv
from stdnum.sk import dph
from stdnum.tr import vkn
from stdnum.ua import edrpou, rntrc

_ICO_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def is_ico(number: str) -> bool:
    """Check an IČO of Slovakia or Czechia: eight digits, the last a check digit.

    Weights 8 to 2, modulo 11; the digit is (11 - rest) modulo 10. Source: the statistical
    offices' rule for the organisation identification number, common to both registers
    since Czechoslovakia.
    """
    total = sum(weight * int(digit) for weight, digit in zip(_ICO_WEIGHTS, number, strict=False))
    return int(number[7]) == (11 - total % 11) % 10


def _first(length: int) -> Callable[[str], str]:
    return lambda number: number[:length]


def _last(length: int) -> Callable[[str], str]:
    return lambda number: number[-length:]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of number of one country.

    shape: of the number without country prefix and separators.
    is_valid: the check digit; None where there is none or none is published.
    core: the part that identifies the company; the same for all forms of one number.
    length: shorter digits are tried with zeros in front up to this length; 0: never.
    """

    shape: re.Pattern[str]
    is_valid: Callable[[str], bool] | None = None
    core: Callable[[str], str] = str
    length: int = 0


def _scheme(
    shape: str,
    is_valid: Callable[[str], bool] | None = None,
    core: Callable[[str], str] = str,
    *,
    length: int = 0,
) -> Scheme:
    return Scheme(re.compile(shape), is_valid, core, length)


def _is_eik(number: str) -> bool:
    """Nine digits; thirteen for a branch, whose first nine are the company's."""
    return bg_vat.is_valid(number[:9]) if len(number) != 10 else bg_vat.is_valid(number)  # noqa: PLR2004


_ICO = _scheme(r"[0-9]{8}", is_ico, length=8)

SCHEMES: dict[str, tuple[Scheme, ...]] = {
    "AT": (_scheme(r"U[0-9]{8}", uid.is_valid), _scheme(r"[0-9]{1,6}[A-Z]")),
    "BE": (_scheme(r"[01][0-9]{9}", be_vat.is_valid, length=10),),
    "BG": (_scheme(r"[0-9]{9,10}|[0-9]{13}", _is_eik, lambda n: n[:9] if len(n) == 13 else n),),  # noqa: PLR2004
    "BY": (_scheme(r"[0-9]{9}", unp.is_valid),),
    "CZ": (_ICO,),
    "DE": (_scheme(r"[0-9]{9}", de_vat.is_valid), _scheme(r"[0-9]{1,6}[A-Z]{0,3}")),
    "DK": (_scheme(r"[0-9]{8}", cvr.is_valid),),
    "EE": (_scheme(r"[0-9]{9}", kmkr.is_valid), _scheme(r"[0-9]{8}", registrikood.is_valid)),
    "ES": (_scheme(r"[A-Z][0-9]{7}[A-Z0-9]|[0-9]{8}[A-Z]", nif.is_valid),),
    "FR": (
        _scheme(r"[0-9]{9}", siren.is_valid),
        _scheme(r"[0-9]{14}", lambda n: siren.is_valid(n[:9]), _first(9)),
        _scheme(r"[0-9A-Z]{2}[0-9]{9}", tva.is_valid, _last(9)),
        _scheme(r"[A-Z]{3,30}[0-9]{9}", lambda n: siren.is_valid(n[-9:]), _last(9)),  # RCS + town
    ),
    "GB": (_scheme(r"[0-9]{9}|[0-9]{12}", gb_vat.is_valid), _scheme(r"[A-Z0-9]{2}[0-9]{6}")),
    "GR": (_scheme(r"[0-9]{9}", gr_vat.is_valid, length=9), _scheme(r"[0-9]{12}")),
    "HR": (_scheme(r"[0-9]{11}", oib.is_valid),),
    "HU": (
        _scheme(r"[0-9]{8}", anum.is_valid),
        _scheme(r"[0-9]{8}[1-5][0-9]{2}", lambda n: anum.is_valid(n[:8]), _first(8)),
        _scheme(r"[0-9]{10}"),
    ),
    "IT": (_scheme(r"[0-9]{11}", iva.is_valid), _scheme(r"[A-Z]{2}[0-9]{5,7}")),
    "LT": (_scheme(r"[0-9]{9}|[0-9]{12}", pvm.is_valid),),
    "LU": (_scheme(r"[0-9]{8}", lu_tva.is_valid), _scheme(r"B[0-9]{1,6}")),
    "LV": (_scheme(r"[0-9]{11}", pvn.is_valid),),
    "MD": (_scheme(r"[0-9]{13}", idno.is_valid),),
    "NL": (
        _scheme(r"[0-9]{9}B[0-9]{2}", btw.is_valid),
        _scheme(r"[0-9]{9}", bsn.is_valid),
        _scheme(r"[0-9]{8}|[0-9]{12}"),
    ),
    "PL": (
        _scheme(r"[0-9]{10}", nip.is_valid),
        _scheme(r"[0-9]{9}", regon.is_valid),
        _scheme(r"[0-9]{14}", regon.is_valid, _first(9)),
        _scheme(r"0[0-9]{9}"),
    ),
    "PT": (_scheme(r"[0-9]{9}", pt_nif.is_valid),),
    "RO": (_scheme(r"J[0-9]{13}"), _scheme(r"[0-9]{2,10}", cui.is_valid)),
    "RS": (_scheme(r"[0-9]{9}", pib.is_valid), _scheme(r"[0-9]{8}")),
    "RU": (
        _scheme(r"[0-9]{10}|[0-9]{12}", inn.is_valid),
        _scheme(r"[0-9]{13}|[0-9]{15}", ogrn.is_valid),
    ),
    "SE": (
        _scheme(r"[0-9]{10}", orgnr.is_valid),
        _scheme(r"[0-9]{10}01", lambda n: orgnr.is_valid(n[:10]), _first(10)),
    ),
    "SI": (_scheme(r"[0-9]{8}", ddv.is_valid),),
    "SK": (_ICO, _scheme(r"[0-9]{10}", dph.is_valid)),
    "TR": (_scheme(r"[0-9]{10}", vkn.is_valid),),
    "UA": (_scheme(r"[0-9]{8}", edrpou.is_valid), _scheme(r"[0-9]{10}", rntrc.is_valid)),
}
"""Checked kinds stand before kinds of shape alone. For Greece no check of the twelve digits of
the register (ΓΕΜΗ) is published; the Dutch KvK number, the German HRB, the Austrian
Firmenbuch number, the Polish KRS and the Hungarian cégjegyzékszám have none to recompute."""

COUNTRY_OF_VAT_PREFIX = {code.upper(): code.upper() for code in eu_vat.MEMBER_STATES} | {
    "EL": "GR",
    "GB": "GB",
    "XI": "GB",
}


def is_lei(number: str) -> bool:
    """Check a Legal Entity Identifier (ISO 17442, check digits of ISO/IEC 7064 MOD 97-10)."""
    return lei.is_valid(number)
