"""The catalogue and the mappings as plain tables and documents, for CSV and JSON.

How they are written as bytes is `publish_code_lists`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.assessment import SCREENING_NOTE
from app.domain.codelists.mappings import CodeMapping, MappingRow
from app.domain.indicators import (
    ANY_FORM,
    ELEMENT_OF,
    Catalogue,
    Element,
    Form,
    Indicator,
    Profile,
    Strength,
)

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
TITLE = "Trafficking indicators of the Tessera protocol"
NAME = "thb-indicators"


class Table(NamedTuple):
    """Cells with their header; all are texts, an empty one says that there is nothing."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def indicators_table(catalogue: Catalogue) -> Table:
    """One line an indicator, retired ones included.

    The first eight columns are those that `parse_catalogue` reads. `defining` is "yes" where one
    sign is enough for the purpose, `urgency` is danger_now or soon, and the last four columns
    are the strength under each of the Delphi lists.
    """
    return Table(
        header=(*_COLUMNS, *(f"strength_{profile}" for profile in Profile)),
        rows=tuple(_cells(catalogue, each) for each in catalogue.indicators),
    )


def indicators_document(catalogue: Catalogue) -> dict[str, object]:
    """The same, with what observations give reason to ask, as JSON values."""
    return {
        "name": NAME,
        "title": TITLE,
        "version": catalogue.version,
        "licence": {"id": LICENCE, "url": LICENCE_URL},
        "note": SCREENING_NOTE,
        "dimensions": {dimension.value: element.value for dimension, element in ELEMENT_OF.items()},
        "indicators": [_entry(catalogue, each) for each in catalogue.indicators],
    }


def mapping_table(mapping: CodeMapping) -> Table:
    """One line a counterpart, and one for each code, list or value that has none."""
    return Table(
        header=MappingRow._fields,
        rows=tuple(tuple(str(cell) for cell in row) for row in mapping.rows),
    )


def data_package(
    catalogue: Catalogue, mappings: Sequence[CodeMapping], *, taxonomy: str, document: str
) -> dict[str, object]:
    """A descriptor of all files (Data Package, Frictionless, version 1), with the source, licence
    and doubts of each mapping, for which a table has no room.

    taxonomy, document: the names of the MISP taxonomy and of the catalogue as JSON.
    """
    ours = {"name": LICENCE, "path": LICENCE_URL, "title": LICENCE_TITLE}
    indicators = indicators_table(catalogue)
    return {
        "profile": "data-package",
        "name": NAME,
        "title": TITLE,
        "version": catalogue.version,
        "description": SCREENING_NOTE,
        "licenses": [ours],
        "resources": [
            {
                **_resource("indicators", INDICATORS_FILE, indicators.header, key="code"),
                "sources": [{"title": title, "path": path} for title, path in SOURCES],
                "uncertain": list(_UNCERTAIN),
            },
            {"name": "indicators-document", "path": document, "mediatype": JSON_TYPE},
            {"name": "misp-taxonomy", "path": taxonomy, "mediatype": JSON_TYPE},
            *(_mapping_resource(each) for each in mappings),
        ],
    }


SOURCES = (
    ("Directive 2011/36/EU, Article 2", "https://eur-lex.europa.eu/eli/dir/2011/36/oj"),
    ("Directive (EU) 2024/1712", "https://eur-lex.europa.eu/eli/dir/2024/1712/oj"),
    (
        "ILO and European Commission, Operational indicators of trafficking in human beings, 2009",
        "https://www.ilo.org/global/topics/forced-labour/publications/WCMS_105023",
    ),
)
_UNCERTAIN = (
    "Wordings and additions marked OWN are proposals; no person of the field has reviewed them.",
    "The lists of 2009 are known through a secondary table.",
    "Of the two lists on sexual exploitation a few strengths are known; the rest is as for labour.",
)
INDICATORS_FILE = "indicators.csv"
JSON_TYPE = "application/json"
CSV_TYPE = "text/csv"
_COLUMNS = (
    "code", "dimension", "element", "strength", "forms", "applies_to", "label_en", "source",
    "retired", "version", "defining", "urgency",
)  # fmt: skip


def file_of(mapping: CodeMapping) -> str:
    """Where the table of a mapping stands among the files."""
    return f"mappings/{mapping.name}.csv"


def forms_of(indicator: Indicator) -> tuple[str, ...]:
    """The forms that an indicator can speak for, in the order of the list; `any` for all."""
    if indicator.forms == ANY_FORM:
        return ("any",)
    return tuple(form.value for form in Form if form in indicator.forms)


def urgency_of(catalogue: Catalogue, code: str) -> str | None:
    """The urgency that a code sets by itself, if any."""
    if code in catalogue.rules.danger_now:
        return "danger_now"
    return "soon" if code in catalogue.rules.soon else None


def strengths_of(catalogue: Catalogue, indicator: Indicator) -> dict[Profile, Strength]:
    """The strength of an indicator under each of the four Delphi lists; none for acts and
    observations, which these lists do not weigh.
    """
    if indicator.element not in (Element.MEANS, Element.PURPOSE):
        return {}
    overrides = catalogue.rules.strengths
    return {
        profile: overrides.get(profile, {}).get(indicator.code, indicator.strength)
        for profile in Profile
    }


def _cells(catalogue: Catalogue, indicator: Indicator) -> tuple[str, ...]:
    strengths = strengths_of(catalogue, indicator)
    return (
        indicator.code,
        indicator.dimension.value,
        indicator.element.value,
        indicator.strength.value,
        ";".join(forms_of(indicator)),
        indicator.applies_to.value,
        indicator.label,
        indicator.source,
        indicator.retired or "",
        catalogue.version,
        "yes" if indicator.code in catalogue.rules.defining else "",
        urgency_of(catalogue, indicator.code) or "",
        *(str(strengths.get(profile, "")) for profile in Profile),
    )


def _entry(catalogue: Catalogue, indicator: Indicator) -> dict[str, object]:
    strengths = strengths_of(catalogue, indicator)
    return {
        "code": indicator.code,
        "dimension": indicator.dimension.value,
        "element": indicator.element.value,
        "strength": indicator.strength.value,
        "strengths": {profile.value: each.value for profile, each in strengths.items()},
        "forms": list(forms_of(indicator)),
        "applies_to": indicator.applies_to.value,
        "label": {"en": indicator.label},
        "sources": indicator.source.split(";"),
        "defining": indicator.code in catalogue.rules.defining,
        "urgency": urgency_of(catalogue, indicator.code),
        "prompts": list(catalogue.rules.prompts.get(indicator.code, ())),
        "retired": indicator.retired,
    }


def _resource(name: str, path: str, header: Sequence[str], *, key: str | None) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [{"name": each, "type": "string"} for each in header]}
    if key:
        schema["primaryKey"] = key
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": CSV_TYPE,
        "encoding": "utf-8",
        "schema": schema,
    }


def _mapping_resource(mapping: CodeMapping) -> dict[str, object]:
    return {
        **_resource(f"mapping-{mapping.name}", file_of(mapping), MappingRow._fields, key=None),
        "title": f"Our codes in {mapping.title}",
        "sources": [
            {
                "title": f"{mapping.publisher}: {mapping.title}, {mapping.version}",
                "path": mapping.source,
                "seen": mapping.seen,
                "licence": mapping.licence,
                "terms": mapping.terms,
            }
        ],
        "review": mapping.review,
        "uncertain": list(mapping.uncertain),
    }
