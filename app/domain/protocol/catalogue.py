"""How a version of the catalogue is read from rows and rules, and what its successor must keep.

Both are handed in as plain values; reading files is the caller's business.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from app.domain.indicators import (
    ALL_ADDITIONS,
    ANY_FORM,
    ELEMENT_OF,
    LOWEST_GRADE,
    UNSPECIFIC_FORMS,
    Additions,
    AppliesTo,
    Catalogue,
    Dimension,
    Element,
    Form,
    Indicator,
    Profile,
    Rules,
    Strength,
)


def parse_catalogue(
    rows: Iterable[Mapping[str, str]],
    *,
    version: str,
    rules: Mapping[str, object] | None = None,
) -> Catalogue:
    """Check rows (columns as in `indicators.csv`) and rules (tables as in `overrides.toml`).

    Raises ValueError, naming row, code and column, for anything missing, unknown, doubled or at
    odds with itself. An optional column `retired` holds the version that retired the code. Other
    columns are left to others.
    """
    if not version.strip():
        raise ValueError("a catalogue needs a version")
    entries: dict[str, Indicator] = {}
    for number, row in enumerate(rows, start=1):
        entry = _indicator(row, f"indicator row {number}")
        if entry.code in entries:
            raise ValueError(f"indicator row {number}: code {entry.code} is there twice")
        entries[entry.code] = entry
    if not entries:
        raise ValueError("a catalogue needs at least one indicator")
    return Catalogue(version, tuple(entries.values()), _rules(rules or {}, entries))


def check_succession(older: Catalogue, newer: Catalogue) -> None:
    """Raise ValueError, naming the code, where `newer` loses or changes what reports written under
    `older` rely on: every code stays, retired or not, and keeps its dimension; one that was
    retired stays so. Codes of extensions stay too.
    """
    for entry in older.indicators:
        heir = newer.by_code.get(entry.code)
        where = f"version {newer.version}: {entry.code}"
        if heir is None:
            raise ValueError(f"{where} is missing; a code is retired, never removed")
        if heir.dimension is not entry.dimension:
            raise ValueError(f"{where} was of {entry.dimension} in version {older.version}")
        if entry.retired is not None and heir.retired != entry.retired:
            raise ValueError(f"{where} was retired in version {entry.retired} and stays so")
    for code in older.own:
        if code not in newer.own:
            raise ValueError(f"version {newer.version}: {code} of an extension is missing")


_COLUMNS = (
    "code", "dimension", "element", "strength", "forms", "applies_to", "label_en", "source",
)  # fmt: skip
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
_CODE_LENGTH = 32
_GRADE_IF_MISSING = "grade_if_missing"
_WEIGHTS = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK)
_RULES = frozenset({"strengths", "defining", "prompts", "urgency", "additions"})
_Code = TypeVar("_Code", bound=StrEnum)


def _indicator(row: Mapping[str, str], where: str) -> Indicator:
    cells = _cells(row, where)
    code = cells["code"]
    if len(code) > _CODE_LENGTH or not _CODE.fullmatch(code):
        raise ValueError(f"{where}: code {code!r} is not of the form AB-01")
    where = f"{where} ({code})"
    entry = Indicator(
        code=code,
        dimension=_member(Dimension, cells["dimension"], where),
        element=_member(Element, cells["element"], where),
        strength=_member(Strength, cells["strength"], where),
        forms=_forms(cells["forms"], where),
        applies_to=_member(AppliesTo, cells["applies_to"], where),
        label=cells["label_en"],
        source=cells["source"],
        retired=(row.get("retired") or "").strip() or None,
    )
    if ELEMENT_OF[entry.dimension] is not entry.element:
        raise ValueError(f"{where}: {entry.dimension} belongs to {ELEMENT_OF[entry.dimension]}")
    if (entry.strength is Strength.STRUCTURAL) != (entry.element is Element.ACT):
        raise ValueError(f"{where}: acts, and nothing else, are structural")
    return entry


def _cells(row: Mapping[str, str], where: str) -> dict[str, str]:
    if None in row:  # what csv.DictReader does with cells beyond the header
        raise ValueError(f"{where}: more cells than columns")
    cells = {column: (row.get(column) or "").strip() for column in _COLUMNS}
    for column, cell in cells.items():
        if not cell:
            raise ValueError(f"{where}: column {column} is missing or empty")
    return cells


def _member(codes: type[_Code], value: str, where: str) -> _Code:
    try:
        return codes(value)
    except ValueError:
        known = ", ".join(codes)
        raise ValueError(f"{where}: {codes.__name__} {value!r} is not one of {known}") from None


def _forms(cell: str, where: str) -> frozenset[Form]:
    if cell == "any":
        return ANY_FORM
    parts = [part.strip() for part in cell.split(";")]
    forms = frozenset(_member(Form, part, where) for part in parts)
    if len(forms) != len(parts):
        raise ValueError(f"{where}: a form is there twice")
    if forms & UNSPECIFIC_FORMS:
        raise ValueError(f"{where}: a catalogue says any, not other or unknown")
    return forms


def _rules(tables: Mapping[str, object], entries: Mapping[str, Indicator]) -> Rules:
    if unknown := sorted(tables.keys() - _RULES):
        raise ValueError(f"rules: {unknown[0]} is not one of {', '.join(sorted(_RULES))}")
    urgency = _table(tables.get("urgency", {}), "urgency")
    if unknown := sorted(urgency.keys() - {"danger_now", "soon"}):
        raise ValueError(f"urgency: {unknown[0]} is not one of danger_now, soon")
    danger_now = _codes(urgency.get("danger_now", ()), "urgency.danger_now", entries)
    soon = _codes(urgency.get("soon", ()), "urgency.soon", entries)
    if doubled := sorted(set(danger_now) & set(soon)):
        raise ValueError(f"urgency: {doubled[0]} is in both levels")
    defining = _codes(tables.get("defining", ()), "defining", entries)
    if wrong := [code for code in defining if entries[code].element is not Element.PURPOSE]:
        raise ValueError(f"defining: {wrong[0]} is no purpose")
    return Rules(
        strengths=_strengths(_table(tables.get("strengths", {}), "strengths"), entries),
        defining=frozenset(defining),
        prompts=_prompts(_table(tables.get("prompts", {}), "prompts"), entries),
        danger_now=frozenset(danger_now),
        soon=frozenset(soon),
        additions=_additions(_table(tables.get("additions", {}), "additions")),
    )


def _additions(table: Mapping[str, object]) -> Additions:
    """The own additions, on unless the table says otherwise."""
    named = {each.name for each in fields(Additions)} - {_GRADE_IF_MISSING}
    for name, value in table.items():
        if name == _GRADE_IF_MISSING:
            # TOML has no null: 0 says that a sign without grade does not count.
            if type(value) is not int or not 0 <= value <= LOWEST_GRADE:
                raise ValueError(f"additions.{name}: 0 (does not count) to {LOWEST_GRADE}")
        elif name not in named or not isinstance(value, bool):
            known = ", ".join(sorted({*named, _GRADE_IF_MISSING}))
            raise ValueError(f"additions: {name} must be true or false, and one of {known}")
    switches = {name: table[name] is True for name in named & table.keys()}
    found = replace(ALL_ADDITIONS, **switches)
    grade = table.get(_GRADE_IF_MISSING, found.grade_if_missing)
    return replace(found, grade_if_missing=grade if isinstance(grade, int) and grade else None)


def _strengths(
    tables: Mapping[str, object], entries: Mapping[str, Indicator]
) -> Mapping[Profile, Mapping[str, Strength]]:
    weighable = {Element.MEANS, Element.PURPOSE}
    strengths: dict[Profile, Mapping[str, Strength]] = {}
    for name, table in tables.items():
        overrides: dict[str, Strength] = {}
        for level, listed in _table(table, f"strengths.{name}").items():
            where = f"strengths.{name}.{level}"
            strength = _member(Strength, level, where)
            for code in _codes(listed, where, entries):
                if code in overrides:
                    raise ValueError(f"{where}: {code} is there twice")
                if strength not in _WEIGHTS or entries[code].element not in weighable:
                    raise ValueError(f"{where}: {code} cannot weigh {strength}")
                overrides[code] = strength
        strengths[_member(Profile, name, "strengths")] = MappingProxyType(overrides)
    return MappingProxyType(strengths)


def _prompts(
    table: Mapping[str, object], entries: Mapping[str, Indicator]
) -> Mapping[str, tuple[str, ...]]:
    prompts: dict[str, tuple[str, ...]] = {}
    for code in _codes(list(table), "prompts", entries):
        asked = _codes(table[code], f"prompts.{code}", entries)
        if entries[code].element is not Element.CONTEXT:
            raise ValueError(f"prompts: {code} is no observation")
        if not asked or any(entries[each].element is Element.CONTEXT for each in asked):
            raise ValueError(f"prompts.{code}: must name acts, means or purposes")
        if entries[asked[0]].element is Element.ACT:
            raise ValueError(f"prompts.{code}: the first must be a means or a purpose")
        if retired := [each for each in asked if entries[each].retired]:
            raise ValueError(f"prompts.{code}: {retired[0]} is retired and is not asked about")
        prompts[code] = asked
    return MappingProxyType(prompts)


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - all faults of data are ValueError
    return value


def _codes(value: object, where: str, entries: Collection[str]) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{where}: must be a list of codes")  # noqa: TRY004 - as above
    for code in value:
        if not isinstance(code, str) or code not in entries:
            raise ValueError(f"{where}: {code!r} is not in the catalogue")
    if len(set(value)) != len(value):
        raise ValueError(f"{where}: a code is there twice")
    return tuple(value)
