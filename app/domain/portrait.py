"""What a lead shows of its readable reports taken together: values, persons, and where from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.attributes import AttributeKind
from app.domain.reports import ObservedValue

_OF_PERSON = (
    "role", "name", "given_name", "family_name", "aliases", "birth_date", "age_group", "sex",
    "nationality",
)  # fmt: skip


@dataclass(slots=True)
class AttributeView:
    """One value with all the reports that carry it. `value` is None where only tokens were sent."""

    kind: AttributeKind
    value: str | None
    links: bool
    roles: set[str] = field(default_factory=set)
    reports: list[str] = field(default_factory=list)


def attributes_of(
    values: Iterable[tuple[str, ObservedValue]],
) -> list[AttributeView]:
    """The values of several reports, each once, those carried by most first.

    `values` pairs a report's id with a value of it. Names with birth dates are left to persons.
    """
    views: dict[tuple[AttributeKind, str], AttributeView] = {}
    for report_id, value in values:
        if value.kind is AttributeKind.PERSON:
            continue
        key = (value.kind, value.normalised or value.token or "")
        view = views.setdefault(key, AttributeView(value.kind, value.normalised, value.links))
        view.links = view.links or value.links
        view.roles.add(value.role.value)
        if report_id not in view.reports:
            view.reports.append(report_id)
    return sorted(views.values(), key=lambda v: (-len(v.reports), v.kind.value, v.value or ""))


def persons_of(contents: Iterable[tuple[str, Mapping[str, Any]]]) -> Sequence[dict[str, Any]]:
    """The persons of several reports as they were sent, each with its report.

    Persons of different reports are not merged here: that two are one person is a finding of
    linking, and shown as such.
    """
    return [
        {key: person[key] for key in _OF_PERSON if person.get(key)}
        | {"report": report_id, "pointer": f"/persons/{place}"}
        for report_id, content in contents
        for place, person in enumerate(content.get("persons", ()))
    ]
