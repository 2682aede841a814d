"""The catalogue of trafficking indicators, and the signs that name them.

How a catalogue is read from rows is `protocol.catalogue`; what a set of signs adds up to is not
here either: see `delphi` (the rule) and `assessment`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


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
    """Adult, child (under 18: Directive 2011/36/EU, Article 2(6)), or not known. `MIXED` is of
    several persons taken together: adults and children are known among them.
    """

    ADULT = "adult"
    CHILD = "child"
    UNKNOWN = "unknown"
    MIXED = "mixed"


AGES_OF_A_PERSON = (AgeGroup.ADULT, AgeGroup.CHILD, AgeGroup.UNKNOWN)
"""What may be said of one person."""


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
    retired: the version that retired it; None while it is in force. A retired code is read,
        weighed and explained as before, and no longer asked about or offered.
    """

    code: str
    dimension: Dimension
    element: Element
    strength: Strength
    forms: frozenset[Form]
    applies_to: AppliesTo
    label: str
    source: str
    retired: str | None = None

    def applies_at(self, age: AgeGroup) -> bool:
        """Whether it can be about somebody of that age; where no one age is known, it can."""
        if self.applies_to is AppliesTo.BOTH or age in (AgeGroup.UNKNOWN, AgeGroup.MIXED):
            return True
        return age.value == self.applies_to.value


@dataclass(frozen=True, slots=True)
class Additions:
    """What Tessera adds to the Delphi rule; none of it is part of the published rule.

    observations_only_prompt: (a) observations count for no dimension, they bring up questions.
        Off: each counts as one weak sign of the dimension it points to.
    defining_purpose: (b) one sign that names a purpose of the Directive is enough for the purpose.
    once_per_subject: (c) a sign counts once per person or site; once in all where reports do not
        say of whom it is, which they never do as yet (`Sign`). Off: once per report.
    graded_only: (d) signs of a lead count up to information grade 3 only.
    both_ages: (e) where no one age is known, read as adult and as child. Off: as adult.
    three_valued: (f) say unknown where it is unknown. Off: what is not indicated is not_indicated.
    grade_if_missing: for (d), the grade of a sign that has none: 2, as for an enrolled partner;
        what anonymous sources send comes with a grade (`grading`). None: such signs do not count.
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


@dataclass(frozen=True, slots=True)
class Rules:
    """What a version of the protocol says beyond its list of indicators.

    strengths: per list, the codes that weigh otherwise than their indicator says.
    defining: purpose codes of which one is enough (an own addition to the Delphi rule).
    prompts: per observation, the codes it gives reason to ask about, the most telling first.
    danger_now, soon: codes that set the urgency.
    additions: which of the own additions to the published rule are on.
    """

    strengths: Mapping[Profile, Mapping[str, Strength]] = field(default_factory=dict)
    defining: frozenset[str] = frozenset()
    prompts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    danger_now: frozenset[str] = frozenset()
    soon: frozenset[str] = frozenset()
    additions: Additions = ALL_ADDITIONS


@dataclass(frozen=True, eq=False, slots=True)
class Catalogue:
    """One released version of the catalogue. Compared by identity: load each version once.

    own: the codes of extensions, each with the common code that it counts as.
    """

    version: str
    indicators: tuple[Indicator, ...]
    rules: Rules = field(default_factory=Rules)
    own: Mapping[str, str] = field(default_factory=dict)
    by_code: Mapping[str, Indicator] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        entries = MappingProxyType({entry.code: entry for entry in self.indicators})
        object.__setattr__(self, "by_code", entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, retired ones included, in the catalogue's order."""
        return tuple(self.by_code)

    @property
    def in_force(self) -> tuple[Indicator, ...]:
        """The indicators that are not retired, in the catalogue's order."""
        return tuple(each for each in self.indicators if each.retired is None)

    def get(self, code: str) -> Indicator:
        """Return the entry of that code; raise KeyError where there is none."""
        return self.by_code[code]

    def common(self, code: str) -> str | None:
        """The common code that a code counts as: its own, or where it is of an extension the one
        it maps to; None where neither knows it.
        """
        return code if code in self.by_code else self.own.get(code)

    def common_codes(self, codes: Iterable[str]) -> tuple[str, ...]:
        """What these codes count as, each once, in their order; unknown ones are left out."""
        found = (self.common(code) for code in codes)
        return tuple(dict.fromkeys(code for code in found if code is not None))

    def __contains__(self, code: object) -> bool:
        return code in self.by_code


NOT_A_CODE = "not a code of the catalogue"
"""Why a sign is refused."""

LOWEST_GRADE = 4
"""Europol information credibility runs from 1 (not in doubt) to 4 (not corroborated)."""


@dataclass(frozen=True, slots=True)
class Sign:
    """An indicator as observed.

    report_id: the report of a lead it stands in; None when one report is assessed by itself.
    subject: the person or site it is about, where known; equal for the same one in all reports.
        Reports leave it None: their indicators are of the report as a whole and name none of its
        persons, firms or addresses, and that two reports describe one person is a finding of
        linking, no fact. So the same sign in many reports of a lead counts once, which may
        understate what several persons suffer, and never makes two of one.
    grade: Europol information credibility, 1 to 4; ValueError for any other.
    organisation_id: whose report it is, where known.
    """

    code: str
    report_id: str | None = None
    subject: str | None = None
    grade: int | None = None
    organisation_id: str | None = None

    def __post_init__(self) -> None:
        if self.grade is not None and not 1 <= self.grade <= LOWEST_GRADE:
            raise ValueError(f"information credibility runs from 1 to {LOWEST_GRADE}")


HIGHEST_GRADE_COUNTED = 3
"""Europol information credibility runs from 1 to 4; up to here a sign counts for a lead."""
