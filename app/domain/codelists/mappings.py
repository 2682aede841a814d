"""How our codes are said in another standard, and how such a mapping is read.

A mapping is whole: every code of ours and every value of theirs either has a counterpart or the
reason why not. The tables are handed in as plain values; reading files is the caller's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.domain.access import OrganisationKind
from app.domain.codes import OrganisationRole, PersonRole, Sex
from app.domain.indicators import AGES_OF_A_PERSON, Catalogue, Form
from app.domain.reports import ReportStatus

CITIZENSHIP_GROUPS = ("reporting_country", "other_eu", "non_eu", "unknown")
"""What statistics of the EU make of a person's nationality, seen from the country that reports."""

REST = "*"
"""In `not_reached`: all values of a list that are not named."""


class Relation(StrEnum):
    """What the value of theirs is to the code of ours, after the mapping relations of SKOS (W3C
    Recommendation of 18 August 2009, section 10).
    """

    EXACT = "exact"
    CLOSE = "close"
    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"
    NONE = "none"


class MappingRow(NamedTuple):
    """One line of a mapping: a counterpart, or that there is none and why.

    our_code is empty where none of a whole list has a counterpart; both of ours are empty where a
    value of theirs has none.
    """

    our_list: str
    our_code: str
    relation: Relation
    their_list: str
    their_value: str
    note: str


@dataclass(frozen=True, slots=True)
class CodeMapping:
    """Our codes in one standard.

    name: of its file, such as `htcds-2.0`. seen: what exactly was read. terms: what the licence
    asks for beyond its name. review: `draft` until a person of the field has reviewed it.
    uncertain: what is, in words. rows: first ours in the order of our lists, then theirs that
    have no counterpart.
    """

    name: str
    standard: str
    title: str
    publisher: str
    version: str
    source: str
    seen: str
    licence: str
    terms: str
    review: str
    uncertain: tuple[str, ...]
    rows: tuple[MappingRow, ...]


def our_lists(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The lists of ours that a mapping is about, with all their codes."""
    return {
        "forms": tuple(Form),
        "indicators": catalogue.codes,
        "ages": AGES_OF_A_PERSON,
        "sexes": tuple(Sex),
        "citizenship_groups": CITIZENSHIP_GROUPS,
        "person_roles": tuple(PersonRole),
        "organisation_roles": tuple(OrganisationRole),
        "sectors": tuple(OrganisationKind),
        "statuses": tuple(ReportStatus),
    }


def parse_mapping(tables: Mapping[str, object], *, name: str, catalogue: Catalogue) -> CodeMapping:
    """Check the tables of one mapping file.

    Raises ValueError, naming file and place, for anything missing, unknown, doubled or at odds
    with itself, and for codes and values that are neither mapped nor said to have no counterpart.
    """
    if wrong := sorted((tables.keys() ^ _TABLES) - _MAY_BE_MISSING):
        raise ValueError(f"{name}: {wrong[0]} is missing or not known")
    theirs = _value_lists(tables["theirs"], f"{name}: theirs")
    ours = our_lists(catalogue)
    rows = [_row(row, f"{name}: row {at}") for at, row in enumerate(_items(tables["rows"]), 1)]
    _check_rows(rows, ours, theirs, name)
    reasons = _texts(tables.get("not_mapped", {}), f"{name}: not_mapped")
    _check_ours(rows, ours, reasons, name)
    whole = [MappingRow(each, "", Relation.NONE, "", "", why) for each, why in reasons.items()]
    texts = {field: _text(tables[field], f"{name}: {field}") for field in _TEXTS}
    if texts["review"] not in ("draft", "reviewed"):
        raise ValueError(f"{name}: review is draft or reviewed")
    order = list(ours)
    return CodeMapping(
        name=name,
        **texts,
        uncertain=tuple(_text(each, f"{name}: uncertain") for each in _items(tables["uncertain"])),
        rows=(
            *sorted([*rows, *whole], key=lambda row: order.index(row.our_list)),
            *_not_reached(rows, theirs, tables.get("not_reached", {}), name),
        ),
    )


_TEXTS = (
    "standard", "title", "publisher", "version", "source", "seen", "licence", "terms", "review",
)  # fmt: skip
_TABLES = frozenset({*_TEXTS, "uncertain", "rows", "not_mapped", "theirs", "not_reached"})
_MAY_BE_MISSING = frozenset({"not_mapped", "not_reached"})
_COLUMNS = len(MappingRow._fields)


def _row(cells: object, where: str) -> MappingRow:
    texts = _items(cells)
    if len(texts) != _COLUMNS or not all(isinstance(each, str) for each in texts):
        raise ValueError(f"{where}: must be {_COLUMNS} texts")
    our_list, our_code, relation, their_list, their_value, note = map(str, texts)
    if relation not in list(Relation):
        raise ValueError(f"{where}: {relation!r} is not one of {', '.join(Relation)}")
    row = MappingRow(our_list, our_code, Relation(relation), their_list, their_value, note)
    nothing = row.relation is Relation.NONE
    if nothing != (row.their_list == row.their_value == ""):
        raise ValueError(f"{where}: none has no value of theirs, and all others have one")
    if nothing and not row.note.strip():
        raise ValueError(f"{where}: none needs a reason")
    return row


def _check_rows(
    rows: Sequence[MappingRow],
    ours: Mapping[str, Sequence[str]],
    theirs: Mapping[str, Sequence[str]],
    name: str,
) -> None:
    seen: set[tuple[str, ...]] = set()
    without = {row[:2] for row in rows if row.relation is Relation.NONE}
    for number, row in enumerate(rows, start=1):
        where = f"{name}: row {number}"
        if row.our_code not in ours.get(row.our_list, ()):
            raise ValueError(f"{where}: {row.our_list} has no {row.our_code!r}")
        if row.relation is not Relation.NONE:
            if row.their_value not in theirs.get(row.their_list, ()):
                raise ValueError(f"{where}: {row.their_list} has no {row.their_value!r}")
            if row[:2] in without:
                raise ValueError(f"{where}: {row.our_code} is said to have no counterpart")
        key = (row.our_list, row.our_code, row.their_list, row.their_value)
        if key in seen:
            raise ValueError(f"{where}: is there twice")
        seen.add(key)


def _check_ours(
    rows: Sequence[MappingRow],
    ours: Mapping[str, Sequence[str]],
    reasons: Mapping[str, str],
    name: str,
) -> None:
    if unknown := sorted(reasons.keys() - ours.keys()):
        raise ValueError(f"{name}: not_mapped: {unknown[0]} is no list of ours")
    for each, codes in ours.items():
        mapped = {row.our_code for row in rows if row.our_list == each}
        if each in reasons and mapped:
            raise ValueError(f"{name}: {each} is both mapped and not_mapped")
        if each not in reasons and (missing := [code for code in codes if code not in mapped]):
            raise ValueError(f"{name}: {each}: {missing[0]} is not mapped")


def _not_reached(
    rows: Sequence[MappingRow],
    theirs: Mapping[str, Sequence[str]],
    table: object,
    name: str,
) -> list[MappingRow]:
    reasons = {each: _texts(why, f"{name}: {each}") for each, why in _table(table, name).items()}
    if unknown := sorted(reasons.keys() - theirs.keys()):
        raise ValueError(f"{name}: not_reached: {unknown[0]} is no list of theirs")
    reached = {(row.their_list, row.their_value) for row in rows}
    found: list[MappingRow] = []
    for each, values in theirs.items():
        left = [value for value in values if (each, value) not in reached]
        why = reasons.get(each, {})
        if idle := sorted(why.keys() - {REST, *left}):
            raise ValueError(f"{name}: not_reached: {each}: {idle[0]} is reached or not there")
        if REST in why and not set(left) - why.keys():
            raise ValueError(f"{name}: not_reached: {each}: {REST} stands for nothing")
        for value in left:
            note = why.get(value, why.get(REST))
            if note is None:
                raise ValueError(f"{name}: {each}: nothing leads to {value}, and no reason why")
            found.append(MappingRow("", "", Relation.NONE, each, value, note))
    return found


def _value_lists(value: object, where: str) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for each, values in _table(value, where).items():
        lists[each] = tuple(_text(one, f"{where}.{each}") for one in _items(values))
        if len(set(lists[each])) != len(lists[each]):
            raise ValueError(f"{where}.{each}: a value is there twice")
    return lists


def _texts(value: object, where: str) -> dict[str, str]:
    return {each: _text(text, f"{where}.{each}") for each, text in _table(value, where).items()}


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: must be a text")
    return value


def _items(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{value!r} must be a list")  # noqa: TRY004 - all faults of data are ValueError
    return value


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: must be a table")  # noqa: TRY004 - as above
    return value
