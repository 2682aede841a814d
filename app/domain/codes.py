"""Code lists of reports that are standards of others: countries, and the shapes of NUTS and
language codes.
"""

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

LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""BCP 47, the shapes in use: language, script, region."""


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
