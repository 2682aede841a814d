"""The catalogue of trafficking indicators, how it is read from rows, and the signs that name them.

The rows and the rules are handed in as plain values; reading files is the caller's business.
What a set of signs adds up to is not here: see `delphi` (the rule) and `assessment`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar


class Form(StrEnum):
    """Forms of exploitation a report may name: those of Directive 2011/36/EU, Article 2(3), as
    amended by Directive (EU) 2024/1712, with `OTHER` and `UNKNOWN`.
    """

    SEXUAL_EXPLOITATION = "sexual_exploitation"
    LABOUR_EXPLOITATION = "labour_exploitation"
    DOMESTIC_SERVITUDE = "domestic_servitude"
    FORCED_BEGGING = "forced_begging"
    FORCED_CRIMINALITY = "forced_criminality"
    ORGAN_REMOVAL = "organ_removal"
    EXPLOITATIVE_SURROGACY = "exploitative_surrogacy"
    FORCED_MARRIAGE = "forced_marriage"
    ILLEGAL_ADOPTION = "illegal_adoption"
    OTHER = "other"
    UNKNOWN = "unknown"


ANY_FORM = frozenset(Form)
"""What the catalogue writes as `any`."""

UNSPECIFIC_FORMS = frozenset({Form.OTHER, Form.UNKNOWN})
"""Forms that narrow nothing down; the catalogue itself does not use them."""


class Element(StrEnum):
    """Elements of the crime (Directive 2011/36/EU, Article 2), and `CONTEXT`, which is none."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"
    CONTEXT = "context"


class Strength(StrEnum):
    """Weight in the ILO/EC Delphi lists; `STRUCTURAL` satisfies the act and carries no weight."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    STRUCTURAL = "structural"


class Dimension(StrEnum):
    """The six dimensions of the ILO/EC Delphi lists (2009), the acts, and bare observations."""

    ACT = "act"
    DECEPTIVE_RECRUITMENT = "deceptive_recruitment"
    COERCIVE_RECRUITMENT = "coercive_recruitment"
    VULNERABILITY_RECRUITMENT = "vulnerability_recruitment"
    EXPLOITATION = "exploitation"
    COERCION_DESTINATION = "coercion_destination"
    VULNERABILITY_DESTINATION = "vulnerability_destination"
    OBSERVATION = "observation"


class AppliesTo(StrEnum):
    """Whom an indicator can be about."""

    BOTH = "both"
    ADULT = "adult"
    CHILD = "child"


class AgeGroup(StrEnum):
    """Adult, child (under 18: Directive 2011/36/EU, Article 2(6)), or not known."""

    ADULT = "adult"
    CHILD = "child"
    UNKNOWN = "unknown"


class Profile(StrEnum):
    """The four lists of the ILO/EC Delphi indicators (2009): the same sign weighs differently."""

    LABOUR_ADULT = "labour_adult"
    LABOUR_CHILD = "labour_child"
    SEXUAL_ADULT = "sexual_adult"
    SEXUAL_CHILD = "sexual_child"


ELEMENT_OF: Mapping[Dimension, Element] = MappingProxyType(
    {
        Dimension.ACT: Element.ACT,
        Dimension.DECEPTIVE_RECRUITMENT: Element.MEANS,
        Dimension.COERCIVE_RECRUITMENT: Element.MEANS,
        Dimension.VULNERABILITY_RECRUITMENT: Element.MEANS,
        Dimension.EXPLOITATION: Element.PURPOSE,
        Dimension.COERCION_DESTINATION: Element.MEANS,
        Dimension.VULNERABILITY_DESTINATION: Element.MEANS,
        Dimension.OBSERVATION: Element.CONTEXT,
    }
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue.

    strength: that of the adult labour list; `Rules.strengths` says where a list differs.
    forms: the forms it can speak for; `ANY_FORM` where the catalogue says `any`.
    label: in English. source: where the indicator comes from, codes joined by ";".
    """

    code: str
    dimension: Dimension
    element: Element
    strength: Strength
    forms: frozenset[Form]
    applies_to: AppliesTo
    label: str
    source: str

    def applies_at(self, age: AgeGroup) -> bool:
        """Whether it can be about a person of that age; where the age is not known, it can."""
        return self.applies_to is AppliesTo.BOTH or age in (AgeGroup.UNKNOWN, self.applies_to)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a version of the protocol says beyond its list of indicators.

    strengths: per list, the codes that weigh otherwise than their indicator says.
    defining: purpose codes of which one is enough (an own addition to the Delphi rule).
    prompts: per observation, the codes it gives reason to ask about, the most telling first.
    danger_now, soon: codes that set the urgency.
    """

    strengths: Mapping[Profile, Mapping[str, Strength]] = field(default_factory=dict)
    defining: frozenset[str] = frozenset()
    prompts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    danger_now: frozenset[str] = frozenset()
    soon: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class Catalogue:
    """One released version of the catalogue. Compared by identity: load each version once."""

    version: str
    indicators: tuple[Indicator, ...]
    rules: Rules = field(default_factory=Rules)
    by_code: Mapping[str, Indicator] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        entries = MappingProxyType({entry.code: entry for entry in self.indicators})
        object.__setattr__(self, "by_code", entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the catalogue's order."""
        return tuple(self.by_code)

    def get(self, code: str) -> Indicator:
        """Return the entry of that code; raise KeyError where there is none."""
        return self.by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code


LOWEST_GRADE = 4
"""Europol information credibility runs from 1 (not in doubt) to 4 (not corroborated)."""


@dataclass(frozen=True, slots=True)
class Sign:
    """An indicator as observed.

    report_id: the report of a lead it stands in; None when one report is assessed by itself.
    subject: the person or site it is about, where known; equal for the same one in all reports.
    grade: Europol information credibility, 1 to 4; ValueError for any other.
    """

    code: str
    report_id: str | None = None
    subject: str | None = None
    grade: int | None = None

    def __post_init__(self) -> None:
        if self.grade is not None and not 1 <= self.grade <= LOWEST_GRADE:
            raise ValueError(f"information credibility runs from 1 to {LOWEST_GRADE}")


HIGHEST_GRADE_COUNTED = 3
"""Europol information credibility runs from 1 to 4; up to here a sign counts for a lead."""


@dataclass(frozen=True, slots=True)
class Additions:
    """What Tessera adds to the Delphi rule; none of it is part of the published rule.

    observations_only_prompt: (a) observations count for no dimension, they bring up questions.
        Off: each counts as one weak sign of the dimension it points to.
    defining_purpose: (b) one sign that names a purpose of the Directive is enough for the purpose.
    once_per_subject: (c) a sign counts once per person or site. Off: once per report.
    graded_only: (d) signs of a lead count up to information grade 3 only.
    both_ages: (e) where the age is not known, read as adult and as child. Off: as adult.
    three_valued: (f) say unknown where it is unknown. Off: what is not indicated is not_indicated.
    grade_if_missing: for (d), the grade of a sign that has none: 2, as for an enrolled partner;
        the caller grades what anonymous sources send (4). None: such signs do not count.
    """

    observations_only_prompt: bool = True
    defining_purpose: bool = True
    once_per_subject: bool = True
    graded_only: bool = True
    both_ages: bool = True
    three_valued: bool = True
    grade_if_missing: int | None = 2


ALL_ADDITIONS = Additions()
NO_ADDITIONS = Additions(
    observations_only_prompt=False,
    defining_purpose=False,
    once_per_subject=False,
    graded_only=False,
    both_ages=False,
    three_valued=False,
)


def parse_catalogue(
    rows: Iterable[Mapping[str, str]],
    *,
    version: str,
    rules: Mapping[str, object] | None = None,
) -> Catalogue:
    """Check rows (columns as in `indicators.csv`) and rules (tables as in `overrides.toml`).

    Raises ValueError, naming row, code and column, for anything missing, unknown, doubled or at
    odds with itself. Columns beyond the eight are left to others.
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


_COLUMNS = (
    "code", "dimension", "element", "strength", "forms", "applies_to", "label_en", "source",
)  # fmt: skip
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
_CODE_LENGTH = 32
_WEIGHTS = (Strength.STRONG, Strength.MEDIUM, Strength.WEAK)
_RULES = frozenset({"strengths", "defining", "prompts", "urgency"})
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
    )


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
