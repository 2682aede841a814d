"""Code lists of reports that are standards of others: countries, and the shapes of NUTS and
language codes.
"""

import re
from enum import StrEnum

COUNTRIES = frozenset(
    """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
""".split()
)
"""ISO 3166-1 alpha-2, and XK for Kosovo, which the EU institutions use."""

NUTS_PATTERN = r"^[A-Z]{2}[0-9A-Z]{0,3}$"
"""NUTS: two letters of the country (EL for Greece, UK for the United Kingdom) and up to three more
(Regulation (EC) No 1059/2003)."""

_OF_NUTS = {"EL": "GR", "UK": "GB"}
"""The two countries whose code in NUTS is not that of ISO 3166-1."""

_PARENT = {
    **dict.fromkeys(("GF", "GP", "MF", "MQ", "RE", "YT"), "FR"),
    "AX": "FI",
    "SJ": "NO",
}
"""Territories that have a country code of their own and lie in regions of another country."""


def country_of_nuts(region: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) of a NUTS code ("EL30": "GR"); None where no country has
    such codes.
    """
    country = _OF_NUTS.get(region[:2], region[:2])
    return country if country in COUNTRIES else None


def lies_in(region: str, country: str) -> bool:
    """Whether a NUTS region is of that country, or of the state that the country belongs to
    ("FRY40" is of RE, Réunion).
    """
    return country_of_nuts(region) in (country, _PARENT.get(country, country))


LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""BCP 47, the shapes in use: language, script, region."""

_SCRIPTS = "Arab|Armn|Beng|Cyrl|Deva|Ethi|Geor|Grek|Hans|Hant|Hebr|Jpan|Kore|Latn|Thai"
_PLAIN_LANGUAGE = re.compile(rf"([a-z]{{2,3}})(?:-(?:{_SCRIPTS}))?(?:-([A-Z]{{2}}))?")


def is_plain_language(tag: str) -> bool:
    """Whether a language tag is a language with at most a script and a country behind it: nothing
    that could hold a name.
    """
    found = _PLAIN_LANGUAGE.fullmatch(tag)
    return found is not None and (found[2] is None or found[2] in COUNTRIES)


class PersonRole(StrEnum):
    """What a person is in the observation, as its sender sees it: no finding."""

    SUSPECTED_VICTIM = "suspected_victim"
    SUSPECTED_PERPETRATOR = "suspected_perpetrator"
    FACILITATOR = "facilitator"
    WITNESS = "witness"
    UNKNOWN = "unknown"


class OrganisationRole(StrEnum):
    """What a firm or venue is in the observation."""

    EMPLOYER = "employer"
    RECRUITER = "recruiter"
    AGENCY = "agency"
    VENUE = "venue"
    LANDLORD = "landlord"
    TRANSPORT = "transport"
    OTHER = "other"


class Sex(StrEnum):
    """As recorded; optional."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class HandlingCode(StrEnum):
    """Europol handling codes: H0 to prevent and combat crime; H1 not as evidence without
    permission; H2 not to be passed on without permission; H3 other restrictions.
    """

    H0 = "H0"
    H1 = "H1"
    H2 = "H2"
    H3 = "H3"


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST)."""

    RED = "RED"
    AMBER_STRICT = "AMBER+STRICT"
    AMBER = "AMBER"
    GREEN = "GREEN"
    CLEAR = "CLEAR"


class SourceReliability(StrEnum):
    """Europol 4x4: A no doubt, B mostly, C mostly not, X cannot be assessed."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class Channel(StrEnum):
    """How the sender came to know."""

    DIRECT = "direct"
    THIRD_PARTY = "third_party"
    ANONYMOUS = "anonymous"


class ConsentBasis(StrEnum):
    """The legal basis of the report (Regulation (EU) 2016/679, Articles 6 and 9)."""

    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"
    SUBSTANTIAL_PUBLIC_INTEREST = "substantial_public_interest"
    NO_PERSONAL_DATA = "no_personal_data"


class ConsentScope(StrEnum):
    """What the person agreed to, where asked."""

    LINKING = "linking"
    POLICE = "police"
    REFERRAL = "referral"
    STATISTICS = "statistics"
