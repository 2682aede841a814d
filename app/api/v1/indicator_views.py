"""The indicators as they are told in one language: those of the catalogue, of a profile, and the
own codes of an extension.
"""

from collections.abc import Collection, Iterable
from typing import Any

from app.api.v1.protocol_views import Voice
from app.domain.assessment import Urgency
from app.domain.cells import inert
from app.domain.indicators import ANY_FORM, Form, Indicator
from app.domain.protocol.extensions import Extension, OwnCode
from app.domain.protocol.profiles import PartnerProfile
from app.domain.protocol.protocol import INDICATOR_TEXTS

CSV_COLUMNS = (
    "code", "dimension", "element", "strength", "forms", "applies_to", *INDICATOR_TEXTS, "source",
    "retired", "language", "review", "extension", "maps_to", "hint",
)  # fmt: skip


def indicators(
    voice: Voice,
    *,
    form: Form | None,
    among: Collection[str] | None,
    extension: Extension | None = None,
    profile: PartnerProfile | None = None,
) -> Iterable[dict[str, Any]]:
    """The indicators that can speak for a form and are among those codes, as far as asked: of the
    catalogue, of a profile in its own words, or the own codes of an extension.
    """
    catalogue = voice.protocol.catalogue

    def is_asked_for(found: Indicator) -> bool:
        return (form is None or form in found.forms or form in (Form.OTHER, Form.UNKNOWN)) and (
            among is None or found.code in among
        )

    if extension is not None:
        for own in extension.codes:
            if is_asked_for(catalogue.get(own.maps_to)):
                yield _own_indicator(voice, extension, own)
        return
    codes = catalogue.codes if profile is None else profile.codes
    for each in filter(is_asked_for, map(catalogue.get, codes)):
        told = _indicator(voice, each)
        if profile is not None:
            own_words = {"hint": None, **voice.own(profile.words, each.code)}
            told |= {"label": own_words["label"], "own": own_words}
        yield told


def csv_row(told: dict[str, Any]) -> list[str]:
    """An indicator as a row of `CSV_COLUMNS`."""
    cells = {
        **told,
        "forms": ";".join(told["forms"]) or "any",
        "hint": told["own"] and told["own"]["hint"],
    }
    return [inert(str(cells[column] or "")) for column in CSV_COLUMNS]


def _own_indicator(voice: Voice, extension: Extension, found: OwnCode) -> dict[str, Any]:
    """An own code: its texts, and what its common code weighs."""
    return {
        **_weighed(voice, voice.protocol.catalogue.get(found.maps_to)),
        "code": found.code,
        "retired": found.retired,
        "extension": extension.name,
        "maps_to": found.maps_to,
        **voice.own(extension.words, found.code),
    }


def _indicator(voice: Voice, found: Indicator) -> dict[str, Any]:
    return {**_weighed(voice, found), **voice.tell("indicators", found.code)}


def _weighed(voice: Voice, found: Indicator) -> dict[str, Any]:
    rules = voice.protocol.catalogue.rules
    urgency = None
    if found.code in rules.danger_now:
        urgency = Urgency.DANGER_NOW
    elif found.code in rules.soon:
        urgency = Urgency.SOON
    return {
        "code": found.code,
        "dimension": found.dimension.value,
        "element": found.element.value,
        "strength": found.strength.value,
        "strengths": {
            profile.value: strengths[found.code].value
            for profile, strengths in rules.strengths.items()
            if found.code in strengths
        },
        "forms": [] if found.forms == ANY_FORM else sorted(each.value for each in found.forms),
        "applies_to": found.applies_to.value,
        "defining": found.code in rules.defining,
        "urgency": urgency,
        "asks_about": rules.prompts.get(found.code, ()),
        "source": found.source,
        "retired": found.retired,
        "extension": None,
        "maps_to": None,
        "own": None,
    }
