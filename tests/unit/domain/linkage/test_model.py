"""The linkage model: weights worked out by hand, and a wrong file is refused by name."""

import tomllib
from copy import deepcopy
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import AttributeKind
from app.domain.linkage.model import (
    COMPOSED,
    KindModel,
    Leads,
    Term,
    TimeModel,
    parse_model,
    power_step,
)
from app.storage.catalogues import DATA
from tests.support.traits import MODEL

DOCUMENT = tomllib.loads((DATA / "linkage" / "v2.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("count", "step"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (8, 8), (9, 16), (1000, 1024), (1024, 1024)],
)
def test_counts_are_read_in_powers_of_two(count, step):
    assert power_step(count) == step


@pytest.mark.parametrize(
    ("spread", "bits"),
    [
        (1, 14.0),  # 0.5 * 65536 / 2: one circumstance is no rarer than two
        (2, 14.0),
        (4, 13.0),
        (8, 9.5),  # one more bit, and 2.5 for the first doubling beyond 4
        (16, 6.0),
        (64, 0.0),  # 9 - 10: agreement is not held against anybody
    ],
)
def test_a_weight_is_the_logarithm_of_m_over_u_less_what_is_seen_everywhere(spread, bits):
    table = DOCUMENT["spread"] | {"free": 4, "per_doubling": 2.5}
    assert parse_model(changed(spread=table)).weight(Term(0.5, 65536), spread) == bits


def test_the_delivered_thresholds_are_those_of_the_stated_priors_and_posteriors():
    assert MODEL.thresholds.link == pytest.approx(log2(39_999 * 19), abs=0.05)
    assert MODEL.thresholds.attach == pytest.approx(log2(860 * 19), abs=0.05)


def test_address_company_and_internet_address_are_too_weak_to_link_alone():
    weak = {kind.value for kind, entry in MODEL.kinds.items() if entry.weak}
    assert weak == {"ip", "company"}
    assert set(MODEL.kinds) == set(AttributeKind) - COMPOSED


@given(
    st.floats(0.01, 0.99), st.floats(1, 1e9), st.integers(1, 1_000_000), st.integers(1, 1_000_000)
)
def test_a_rarer_value_never_weighs_less_and_none_below_nothing(m, population, one, other):
    rare, common = sorted((power_step(one), power_step(other)))
    term = Term(m, population)
    assert MODEL.weight(term, rare) >= MODEL.weight(term, common) >= 0.0


@pytest.mark.parametrize(
    ("days", "bits"),
    [(0, 3.0), (30, 3.0), (31, 2.5), (90, 2.5), (91, -0.5), (365, -0.5), (366, -8.0)],
)
def test_the_weight_of_time_falls_with_the_days_between(days, bits):
    assert TimeModel(((30, 3.0), (90, 2.5), (365, -0.5)), -8.0).weight(days) == bits


def test_in_the_delivered_model_years_between_speak_against():
    weights = [MODEL.time.weight(days) for days in range(0, 2000, 10)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0 > weights[-1]


def test_a_model_is_read_from_its_document():
    read = parse_model(
        changed(
            version="7",
            families={"further": 0.25, "second": 2.0, "single": ["firm", "x"]},
            leads={"small": 3, "core": 2, "readable": 150, "per_doubling": 2.5, "share": 0.5},
            kinds=DOCUMENT["kinds"] | {"phone": {"m": 0.9, "population": 1e7, "family": "x"}},
            time={"steps": [[30, 3.0], [365, -0.5]], "later": -8},
        )
    )
    assert (read.version, read.further, read.single) == ("7", 0.25, {"firm", "x"})
    assert read.kinds[AttributeKind.PHONE] == KindModel(Term(0.9, 1e7), "x", weak=False)
    assert read.person.name == Term(**DOCUMENT["person"]["name"])
    assert read.time == TimeModel(((30, 3), (365, -0.5)), -8)
    assert read.leads == Leads(small=3, core=2, readable=150, per_doubling=2.5, share=0.5)
    assert isinstance(read.leads.readable, int)


def changed(**tables):
    return deepcopy(DOCUMENT) | tables


def within(table, **entries):
    return changed(**{table: DOCUMENT[table] | entries})


def without(table, entry):
    return changed(**{table: {key: of for key, of in DOCUMENT[table].items() if key != entry}})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "version"),
        (changed(version=None), "version"),
        (changed(version=2), "version"),
        (changed(families=None), "families"),
        (within("families", further=None), "families.further"),
        (changed(thresholds=None), "thresholds"),
        (changed(thresholds=[19.5]), "thresholds"),
        (without("thresholds", "link"), "thresholds"),
        (within("thresholds", other=1), "thresholds"),
        (within("thresholds", link="19"), "thresholds.link"),
        (within("thresholds", link=True), "thresholds.link"),
        (within("thresholds", link=float("nan")), "thresholds.link"),
        (within("thresholds", link=float("inf")), "thresholds.link"),
        (within("thresholds", link=float("-inf")), "thresholds.link"),
        (within("leads", small=0), "leads.small"),
        (within("leads", small=2.5), "leads.small"),
        (within("leads", small=True), "leads.small"),
        (within("person", name=7), "person.name"),
        (within("person", name={"m": 0.4}), "person.name"),
        (within("person", name={"m": 0.4, "population": 1e5, "u": 1}), "person.name"),
        (within("person", name={"m": 0.0, "population": 1e5}), "person.name"),
        (within("person", name={"m": 1, "population": 1e5}), "person.name"),
        (within("person", name={"m": 0.4, "population": 0.5}), "person.name"),
        (within("person", name={"m": 0.4, "population": "many"}), "person.name"),
        (without("person", "other_sex"), "other_sex"),
        (changed(kinds=None), "kinds"),
        (without("kinds", "phone"), "phone"),
        (within("kinds", shoe_size={"m": 0.5}), "shoe_size"),
        (within("kinds", person=DOCUMENT["kinds"]["phone"]), "person"),
        (within("kinds", phone={"m": 2, "population": 10, "family": "contact"}), "phone"),
        (within("time", steps=None), "time.steps"),
        (within("time", steps=[]), "time.steps"),
        (within("time", steps=[[90, 3], [30, 2]]), "time.steps"),
        (within("time", steps=[["30", 3]]), "time"),
        (within("time", later=None), "time.later"),
        (within("form", same="2"), "form.same"),
    ],
)
def test_a_wrong_model_is_refused_by_name(wrong, named):
    with pytest.raises(ValueError, match=named):
        parse_model(wrong)
