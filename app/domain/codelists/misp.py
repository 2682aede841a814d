"""The catalogue as a taxonomy of MISP: machine tags such as `thb:coercion_destination="CD-01"`.

Format: MISP taxonomies, machinetag.json (schema.json of the MISP/misp-taxonomies repository).
"""

from collections.abc import Iterable
from uuid import NAMESPACE_DNS, uuid5

from app.domain.codelists.tables import LICENCE, SOURCES, TITLE, forms_of
from app.domain.indicators import (
    AppliesTo,
    Catalogue,
    Dimension,
    Element,
    Form,
    Indicator,
    Strength,
)

NAMESPACE = "thb"
FORM = "form"
NUMERICAL_VALUE = {Strength.STRONG: 75, Strength.MEDIUM: 50, Strength.WEAK: 25}
"""An order, on the scale of MISP up to 100, which no sign alone deserves. What signs add up to is
counted by the Delphi rule and never by adding these.
"""

REVISION = 1
"""Raise it whenever the taxonomy says anything else under the same version of the protocol, be it
one corrected word: whoever has it fetches it anew only where its version is higher.
"""
_REVISIONS_OF_A_VERSION = 1000


def machine_tag(predicate: str, value: str) -> str:
    """A triple tag: `thb:coercion_destination="CD-01"`."""
    return f'{NAMESPACE}:{predicate}="{value}"'


def misp_taxonomy(catalogue: Catalogue) -> dict[str, object]:
    """The taxonomy, as JSON values: a predicate for each dimension with its indicators, and one for
    forms. Its version counts on from that of the protocol (`REVISION`). UUIDs are made as the
    maintainers of the taxonomies make them, and so never change.

    Raises ValueError where the catalogue's version is no whole number, which MISP asks for.
    """
    if not catalogue.version.isdecimal():
        raise ValueError(f"a MISP taxonomy has a whole number as version, not {catalogue.version}")
    return {
        "namespace": NAMESPACE,
        "expanded": "Trafficking in human beings",
        "description": (
            f"{TITLE}, version {catalogue.version}: signs of possible trafficking in human beings "
            "by dimension (ILO and European Commission, Operational indicators, 2009) and the "
            "forms of exploitation (Directive 2011/36/EU as amended by Directive (EU) 2024/1712). "
            "A sign gives reason to ask; it proves nothing about anybody. The numerical values "
            f"put signs of a dimension in order and must not be added up. Licence: {LICENCE}."
        ),
        "version": int(catalogue.version) * _REVISIONS_OF_A_VERSION + REVISION,
        "uuid": str(uuid5(NAMESPACE_DNS, NAMESPACE)),
        "refs": [path for _, path in SOURCES],
        "type": ["event", "attribute"],
        "predicates": [
            *(_predicate(dimension, name, about) for dimension, (name, about) in _NAMES.items()),
            _predicate(FORM, "Form of exploitation", "As the reporter sees it."),
        ],
        "values": [
            *(
                {"predicate": dimension.value, "entry": _entries(catalogue, dimension)}
                for dimension in _NAMES
                if any(each.dimension is dimension for each in catalogue.indicators)
            ),
            {"predicate": FORM, "entry": [_form(form) for form in Form]},
        ],
    }


_NAMES = {
    Dimension.ACT: ("Act", "What was done to the person; one sign is enough."),
    Dimension.DECEPTIVE_RECRUITMENT: ("Deceptive recruitment", "A means."),
    Dimension.COERCIVE_RECRUITMENT: ("Coercive recruitment", "A means."),
    Dimension.VULNERABILITY_RECRUITMENT: ("Recruitment by abuse of vulnerability", "A means."),
    Dimension.EXPLOITATION: ("Exploitation", "The purpose."),
    Dimension.COERCION_DESTINATION: ("Coercion at destination", "A means."),
    Dimension.VULNERABILITY_DESTINATION: ("Abuse of vulnerability at destination", "A means."),
    Dimension.OBSERVATION: (
        "Observation",
        "Seen from outside: counts for nothing by itself, and gives reason to ask.",
    ),
}
_WHOM = {
    AppliesTo.BOTH: "adults and children",
    AppliesTo.ADULT: "adults",
    AppliesTo.CHILD: "children",
}


def _predicate(value: str, expanded: str, description: str) -> dict[str, object]:
    return {
        "value": str(value),
        "expanded": expanded,
        "description": description,
        "uuid": str(uuid5(NAMESPACE_DNS, f"{NAMESPACE}:{value}")),
    }


def _entries(catalogue: Catalogue, dimension: Dimension) -> list[dict[str, object]]:
    return [_entry(each) for each in catalogue.indicators if each.dimension is dimension]


def _entry(indicator: Indicator) -> dict[str, object]:
    entry: dict[str, object] = {
        "value": indicator.code,
        "expanded": indicator.label,
        "description": " ".join(_told(indicator)),
        "uuid": _uuid_of(indicator.dimension.value, indicator.code),
    }
    # Acts carry no weight in the rule, and observations count for no dimension of it.
    if indicator.element in (Element.MEANS, Element.PURPOSE):
        entry["numerical_value"] = NUMERICAL_VALUE[indicator.strength]
    return entry


def _told(indicator: Indicator) -> Iterable[str]:
    if indicator.element in (Element.MEANS, Element.PURPOSE):
        yield f"A {indicator.strength} sign of the {indicator.element} (adult labour list)."
    forms = [form.replace("_", " ") for form in forms_of(indicator)]
    yield f"Forms: {', '.join(forms)}. About {_WHOM[indicator.applies_to]}."
    yield f"Source: {indicator.source}."
    if indicator.retired:
        yield f"Retired with version {indicator.retired}: read, no longer used."


def _form(form: Form) -> dict[str, object]:
    return {
        "value": form.value,
        "expanded": form.replace("_", " ").capitalize(),
        "uuid": _uuid_of(FORM, form.value),
    }


def _uuid_of(predicate: str, value: str) -> str:
    return str(uuid5(NAMESPACE_DNS, machine_tag(predicate, value)))
