"""The rule itself, by exhaustion, and the search for what is still missing."""

import csv
import tomllib
from itertools import product
from pathlib import Path

import pytest

import app
from app.domain.counting import count_signs
from app.domain.delphi import delphi_lists, is_positive, shortest_way, tally
from app.domain.indicators import (
    ALL_ADDITIONS,
    Additions,
    AgeGroup,
    Dimension,
    Form,
    Sign,
)
from app.domain.protocol.catalogue import parse_catalogue

FOLDER = Path(app.__file__).parent / "data" / "protocol" / "v1"
LEAST_POSITIVE = [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1)]
"""The rule as published: two strong; one strong and one other; three medium; two and a weak."""


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rules = tomllib.loads((FOLDER / "overrides.toml").read_text(encoding="utf-8"))
    return parse_catalogue(rows, version="1", rules=rules)


def by_the_book(counts):
    return any(
        all(has >= needs for has, needs in zip(counts, least, strict=True))
        for least in LEAST_POSITIVE
    )


@pytest.mark.parametrize("counts", list(product(range(5), repeat=3)))
def test_a_dimension_is_positive_as_the_published_rule_says(counts):
    assert is_positive(*counts) is by_the_book(counts)


def test_the_shortest_way_is_the_one_found_by_trying_all_answers():
    for seen in product(range(3), range(4), range(4)):
        for still_open in product(range(4), repeat=3):
            lengths = [
                sum(more)
                for more in product(*(range(count + 1) for count in still_open))
                if by_the_book([has + also for has, also in zip(seen, more, strict=True)])
            ]
            found = shortest_way(seen, still_open)
            assert (found[0] if found else None) == min(lengths, default=None), (seen, still_open)


@pytest.mark.parametrize(
    ("seen", "still_open", "way"),
    [
        ((1, 0, 0), (1, 1, 1), (1, (1, 1, 1))),
        ((0, 1, 0), (1, 3, 3), (1, (1, 0, 0))),
        ((0, 1, 1), (0, 3, 3), (1, (0, 1, 0))),
        ((0, 0, 0), (2, 0, 0), (2, (1, 0, 0))),
        ((0, 0, 0), (0, 3, 0), (3, (0, 1, 0))),
        ((0, 0, 3), (0, 0, 3), None),
        ((1, 0, 0), (0, 0, 0), None),
        ((2, 0, 0), (3, 3, 3), (0, (0, 0, 0))),
    ],
)
def test_the_shortest_way_names_the_strengths_that_take_part(seen, still_open, way):
    assert shortest_way(seen, still_open) == way


LABOUR = frozenset({Form.LABOUR_EXPLOITATION})
SEXUAL = frozenset({Form.SEXUAL_EXPLOITATION})


@pytest.mark.parametrize(
    ("forms", "codes", "strengths_of_long_hours"),
    [
        (frozenset(), [], ["strong"]),
        (frozenset({Form.UNKNOWN}), ["CD-01"], ["strong"]),
        (frozenset(), ["EX-09"], ["strong", "medium"]),
        (SEXUAL, [], ["medium"]),
        (LABOUR, ["EX-09"], ["strong"]),
        (LABOUR | SEXUAL, [], ["strong", "medium"]),
    ],
)
def test_forms_and_signs_choose_the_lists(catalogue, forms, codes, strengths_of_long_hours):
    lists = delphi_lists(
        catalogue, AgeGroup.ADULT, forms=forms, codes=codes, additions=ALL_ADDITIONS
    )
    columns = [each.places["EX-01"].column for each in lists]
    assert [("strong", "medium", "weak")[column] for column in columns] == strengths_of_long_hours


@pytest.mark.parametrize(
    ("code", "age", "forms", "counts"),
    [
        ("CD-05", AgeGroup.ADULT, LABOUR, (0, 1, 0)),
        ("CD-05", AgeGroup.CHILD, LABOUR, (1, 0, 0)),
        ("CD-14", AgeGroup.ADULT, LABOUR, (0, 0, 1)),
        ("CD-14", AgeGroup.CHILD, LABOUR, (0, 1, 0)),
        ("CD-07", AgeGroup.ADULT, SEXUAL, (1, 0, 0)),
        ("CD-05", AgeGroup.CHILD, SEXUAL, (0, 1, 0)),
    ],
)
def test_the_same_sign_weighs_by_its_list(catalogue, code, age, forms, counts):
    (table,) = delphi_lists(catalogue, age, forms=forms, codes=[code], additions=ALL_ADDITIONS)
    assert tally({code: 1}, table) == {Dimension.COERCION_DESTINATION: counts}


P1, P2 = "person-1", "person-2"


@pytest.mark.parametrize(
    ("signs", "once", "every"),
    [
        ([("a", None)], 1, 1),
        ([("a", P1), ("a", P1)], 1, 1),
        ([("a", P1), ("b", P1)], 1, 2),
        ([("a", P1), ("b", P2)], 2, 2),
        ([("a", None), ("b", P1)], 1, 2),
        ([("a", None), ("b", None), ("c", None)], 1, 3),
    ],
)
def test_a_sign_counts_once_per_person_or_site(catalogue, signs, once, every):
    found = [Sign("CD-01", report_id=report, subject=subject) for report, subject in signs]
    per_subject = count_signs(found, catalogue, ALL_ADDITIONS)
    per_report = count_signs(found, catalogue, Additions(once_per_subject=False))
    assert per_subject.times == {"CD-01": once}
    assert per_report.times == {"CD-01": every}
    assert per_subject.repeated is (once != every)


@pytest.mark.parametrize(
    ("grade", "if_missing", "report", "reason"),
    [
        (3, 2, "a", None),
        (4, 2, "a", "low_grade"),
        (4, 2, None, None),
        (None, 2, "a", None),
        (None, 4, "a", "low_grade"),
        (None, None, "a", "not_graded"),
    ],
)
def test_only_graded_information_counts_for_a_lead(catalogue, grade, if_missing, report, reason):
    additions = Additions(grade_if_missing=if_missing)
    sign = Sign("CD-01", report_id=report, grade=grade)
    evidence = count_signs([sign], catalogue, additions)
    assert [each.reason for each in evidence.set_aside] == ([reason] if reason else [])
    assert bool(evidence.times) is (reason is None)
    assert evidence.seen == {"CD-01"}


def test_a_code_that_the_catalogue_does_not_know_is_set_aside(catalogue):
    evidence = count_signs([Sign("XX-99"), Sign("CD-01")], catalogue, ALL_ADDITIONS)
    assert evidence.times == {"CD-01": 1}
    assert [tuple(each) for each in evidence.set_aside] == [("XX-99", "not_in_catalogue", None)]
