"""What the template report asks, section by section, after the units of IC-TIP (event, persons,
reporting entity). Where the wire model of a report has no field, there is room to write by hand.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.domain.template.wording import COUNTRY


class Ask(NamedTuple):
    """One thing that is asked.

    name: of the field in the part of the report that the section shows, and of its label where
        `label` names no other.
    list: the code list to choose from, if any. hint: the name of its hint.
    lines: room to write; with none it is only shown, where a report says something.
    by_hand: no field of a report; left to be filled in also where the form shows a report.
    """

    name: str
    list: str = ""
    hint: str = ""
    lines: int = 1
    by_hand: bool = False
    needed: bool = False
    label: str = ""


class Section(NamedTuple):
    """A section: the part of the report that it shows ("" for the report itself), how many empty
    entries an empty form has if it is a list of them, and what it asks of each.
    """

    name: str
    part: str
    asks: tuple[Ask, ...]
    empty: int = 0
    hint: str = ""


_PEOPLE = tuple(
    Ask(name, list_, hint)
    for name, list_, hint in (
        ("role", "person_roles", ""),
        ("name", "", ""),
        ("given_name", "", ""),
        ("family_name", "", ""),
        ("aliases", "", "several"),
        ("birth_date", "", "birth_date"),
        ("age_group", "ages", ""),
        ("sex", "sexes", ""),
        ("nationality", COUNTRY, ""),
        ("languages", "", "languages"),
        ("documents", "", ""),
        ("phones", "", "phones"),
        ("emails", "", "several"),
        ("profiles", "", "several"),
    )
)

SECTIONS = (
    Section(
        "submission",
        "",
        (
            Ask("reporter", by_hand=True),
            Ask("contact", by_hand=True),
            Ask("external_ref", hint="external_ref", needed=True),
            Ask("language", hint="language"),
        ),
    ),
    Section(
        "submission",
        "source",
        (
            Ask("channel", "channels"),
            Ask("reliability", "reliabilities"),
            Ask("credibility", "credibilities"),
        ),
    ),
    Section(
        "safety",
        "safety",
        (
            Ask("urgency", "urgencies", lines=0),
            Ask("at_risk", "answers"),
            Ask("do_not_contact", "answers"),
        ),
    ),
    Section(
        "event",
        "",
        (
            Ask("observed_from", hint="observed_from", needed=True),
            Ask("observed_to", hint="observed_to"),
            Ask("forms", "forms"),
        ),
    ),
    Section(
        "event",
        "place",
        (
            Ask("country", COUNTRY),
            Ask("nuts", hint="nuts"),
            Ask("locality"),
            Ask("address"),
            Ask("coordinates", lines=0),
        ),
    ),
    Section("event", "", (Ask("route", COUNTRY, "route"),)),
    Section("words", "", (Ask("narrative", hint="narrative", lines=9),)),
    Section("persons", "persons", _PEOPLE, empty=2, hint="persons"),
    Section(
        "organisations",
        "organisations",
        (
            Ask("role", "organisation_roles"),
            Ask("name", label="firm_name"),
            Ask("registration_number"),
            Ask("country", COUNTRY),
            Ask("address"),
            Ask("phones", hint="phones"),
            Ask("emails", hint="several"),
            Ask("urls", hint="several"),
        ),
        empty=1,
    ),
    Section(
        "vehicles",
        "vehicles",
        (Ask("plate"), Ask("country", COUNTRY), Ask("vin"), Ask("description")),
        empty=1,
    ),
    Section(
        "attributes",
        "attributes",
        (
            Ask("kind", "kinds"),
            Ask("value"),
            Ask("role", "attribute_roles"),
            Ask("country", COUNTRY),
            Ask("platform"),
            Ask("note"),
        ),
        empty=2,
        hint="attributes",
    ),
    Section(
        "consent",
        "consent",
        (
            Ask("basis", "bases"),
            Ask("scopes", "scopes", "scopes"),
            Ask("victim_informed", "answers"),
            Ask("note"),
        ),
    ),
    Section(
        "handling",
        "handling",
        (Ask("code", "handling"), Ask("tlp", "tlps"), Ask("share_with", hint="share_with")),
    ),
    Section(
        "follow_up",
        "",
        (
            Ask("action", lines=3, by_hand=True),
            Ask("feedback", hint="feedback", lines=2, by_hand=True),
        ),
    ),
)
"""All that is asked, in order. Neighbours of the same name are one section on paper. The signs,
which are a table, come before `SIGNS_BEFORE`.
"""

SIGNS = "signs"
SIGNS_BEFORE = "words"

LONG_LISTS: Mapping[str, int] = MappingProxyType({COUNTRY: 1})
"""Lists too long to be printed with boxes to tick: how many lines to write there are instead."""
