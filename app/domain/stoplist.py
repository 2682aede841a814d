"""Values for the stop-list: those of the network itself and of go-betweens, which stand in
reports of many unrelated cases. What listing a value does is not here.
"""

from dataclasses import dataclass

from app.domain.attributes import AttributeKind, Context
from app.domain.errors import Fault, InvalidInputError
from app.domain.normalise.dispatch import normalise


@dataclass(frozen=True, slots=True)
class StopValue:
    """A value as somebody writes it. country, platform: as in `Context`."""

    kind: str
    raw: str
    country: str | None = None
    platform: str | None = None


def forms_of(value: StopValue) -> tuple[str, ...]:
    """The comparison forms of a value, made as those of attributes in reports are.

    Raises InvalidInputError for a kind that is unknown or composed (`person`), and where the
    value has no comparison form.
    """
    kinds = [kind.value for kind in AttributeKind if kind is not AttributeKind.PERSON]
    if value.kind not in kinds:
        raise InvalidInputError(faults=(Fault("/kind", f"one of {', '.join(kinds)}"),))
    context = Context(country=value.country, platform=value.platform)
    outcome = normalise(AttributeKind(value.kind), value.raw, context)
    if not outcome.values:
        reason = outcome.problem or "the value has no form to compare by"
        raise InvalidInputError(faults=(Fault("/value", reason),))
    return tuple(dict.fromkeys(each.value for each in outcome.values))
