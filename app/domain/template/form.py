"""The spreadsheet form: its sheets and columns, and which field of a report each column stands for.

One report a row; persons, firms, vehicles and details have sheets of their own, whose rows name
the report by its reference. The first row of each sheet, which is hidden, holds the keys of the
columns, so that a form is read back whatever its language and however its sheets are called.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from app.domain.template.wording import COUNTRY, INDICATORS


class Reading(Enum):
    """How the text of a cell becomes a value.

    TEXT as it is; LIST its parts between semicolons; CODE one of the column's list; NUMBER a code
    that is a number; FLAG yes or no; MEMBER one more entry of a list, chosen from the column's
    list; AGREED yes makes the column's scope an entry of the list.
    """

    TEXT = "text"
    LIST = "list"
    CODE = "code"
    NUMBER = "number"
    FLAG = "flag"
    MEMBER = "member"
    AGREED = "agreed"


class Column(NamedTuple):
    """One column.

    name: its key within the sheet. label, hint: names of its texts; number: which of several alike.
    path: where the value goes in the report, or in the thing that the row describes.
    list: the code list offered. width: in characters.
    """

    name: str
    path: tuple[str, ...]
    reading: Reading = Reading.TEXT
    label: str = ""
    list: str = ""
    hint: str = ""
    number: int = 0
    needed: bool = False
    width: int = 18


class Sheet(NamedTuple):
    """One sheet. name: its key, and for all but the first the list of the report that its rows
    are entries of.
    """

    name: str
    columns: tuple[Column, ...]

    def key(self, column: Column) -> str:
        """What the hidden row says over a column."""
        return f"{self.name}.{column.name}"


REFERENCE = "external_ref"
REPORTS = "reports"


def _text(name: str, *path: str, hint: str = "", label: str = "", width: int = 18) -> Column:
    return Column(name, path or (name,), label=label or name, hint=hint, width=width)


def _several(name: str, hint: str = "several") -> Column:
    return Column(name, (name,), Reading.LIST, name, hint=hint, width=24)


def _chosen(name: str, list_: str, *path: str, label: str = "") -> Column:
    return Column(name, path or (name,), Reading.CODE, label or name, list_, width=24)


def _flag(name: str, *path: str) -> Column:
    return Column(name, path, Reading.FLAG, name, "answers", width=14)


def _repeated(name: str, field: str, list_: str, label: str, times: int) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_{n}", (field,), Reading.MEMBER, label, list_, number=n, width=30)
        for n in range(1, times + 1)
    )


_REFERENCE = Column(
    REFERENCE, (REFERENCE,), label=REFERENCE, hint="reference", needed=True, width=22
)
_OF_REPORT = (
    _REFERENCE._replace(hint=REFERENCE),
    Column(
        "observed_from", ("observed_from",), label="observed_from", hint="observed_from",
        needed=True,
    ),
    _text("observed_to", hint="observed_to"),
    *_repeated("form", "forms", "forms", "forms", 3),
    *_repeated("indicator", "indicators", INDICATORS, "indicator", 10),
    _text("narrative", hint="narrative", width=60),
    _text("language", hint="language"),
    _chosen("country", COUNTRY, "place", "country"),
    _text("nuts", "place", "nuts", hint="nuts"),
    _text("locality", "place", "locality"),
    _text("address", "place", "address", width=28),
    _several("route", "route"),
    _flag("at_risk", "safety", "at_risk"),
    _flag("do_not_contact", "safety", "do_not_contact"),
    _chosen("channel", "channels", "source", "channel"),
    _chosen("reliability", "reliabilities", "source", "reliability"),
    Column(
        "credibility", ("source", "credibility"), Reading.NUMBER, "credibility", "credibilities",
        width=24,
    ),
    _chosen("basis", "bases", "consent", "basis"),
    *(
        Column(
            f"scope_{scope}", ("consent", "scopes", scope), Reading.AGREED, f"scope_{scope}",
            "answers", "scopes",
        )
        for scope in ("linking", "police", "referral", "statistics")
    ),
    _flag("victim_informed", "consent", "victim_informed"),
    _text("note", "consent", "note"),
    _chosen("code", "handling", "handling", "code"),
    _chosen("tlp", "tlps", "handling", "tlp"),
    Column(
        "share_with", ("handling", "share_with"), Reading.LIST, "share_with", hint="share_with"
    ),
)  # fmt: skip
_OF_PERSON = (
    _REFERENCE,
    _chosen("role", "person_roles"),
    _text("name", width=24),
    _text("given_name"),
    _text("family_name"),
    _several("aliases"),
    _text("birth_date", hint="birth_date"),
    _chosen("age_group", "ages"),
    _chosen("sex", "sexes"),
    _chosen("nationality", COUNTRY),
    _several("languages", "languages"),
    _text("document_kind", "documents", "kind"),
    _text("document_number", "documents", "number"),
    _chosen("document_country", COUNTRY, "documents", "country"),
    _several("phones", "phones"),
    _several("emails"),
    _several("profiles"),
)
_OF_ORGANISATION = (
    _REFERENCE,
    _chosen("role", "organisation_roles"),
    _text("name", label="firm_name", width=28),
    _text("registration_number"),
    _chosen("country", COUNTRY),
    _text("address", width=28),
    _several("phones", "phones"),
    _several("emails"),
    _several("urls"),
)
_OF_VEHICLE = (
    _REFERENCE,
    _text("plate"),
    _chosen("country", COUNTRY),
    _text("vin", width=22),
    _text("description", width=40),
)
_OF_ATTRIBUTE = (
    _REFERENCE,
    _chosen("kind", "kinds"),
    _text("value", width=36),
    _chosen("role", "attribute_roles"),
    _chosen("country", COUNTRY),
    _text("platform"),
    _text("note", width=30),
)

SHEETS = (
    Sheet(REPORTS, _OF_REPORT),
    Sheet("persons", _OF_PERSON),
    Sheet("organisations", _OF_ORGANISATION),
    Sheet("vehicles", _OF_VEHICLE),
    Sheet("attributes", _OF_ATTRIBUTE),
)
"""In the order in which they stand. The first has the reports."""

IN_LISTS = frozenset({"documents"})
"""Parts of a thing that are lists, of which a row holds one entry."""

KEYS: Mapping[str, tuple[Sheet, Column]] = MappingProxyType(
    {sheet.key(column): (sheet, column) for sheet in SHEETS for column in sheet.columns}
)
"""Sheet and column by the key in the hidden row."""

HEADING_ROWS = 3
"""Rows before the first that is filled in: keys (hidden), labels, hints."""
