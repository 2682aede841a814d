"""The linkage model: weights worked out by hand, and up to how many carriers a value links."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import AttributeKind
from app.domain.linkage.model import KindModel, LinkageModel, frequency_step, parse_model
from app.storage.catalogues import load_model

PHONE, ADDRESS = AttributeKind.PHONE, AttributeKind.ADDRESS


def model(m=0.5, population=16.0, threshold=1.0, *, links_alone=True):
    kind = KindModel(m, population, links_alone)
    return LinkageModel("test", threshold, dict.fromkeys(AttributeKind, kind))


def document(**changes):
    kinds = {
        kind.value: {"m": 0.5, "population": 16.0, "links_alone": True} for kind in AttributeKind
    }
    return {"version": "7", "threshold": 17.5, "kinds": kinds} | changes


@pytest.mark.parametrize(
    ("carriers", "step"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (4, 4), (5, 8), (8, 8), (9, 16), (1000, 1024), (1024, 1024)],
)
def test_carriers_are_read_in_powers_of_two(carriers, step):
    assert frequency_step(carriers) == step


@pytest.mark.parametrize(
    ("carriers", "bits"),
    [
        (1, 2.0),  # 0.5 * 16 / 2 = 4
        (2, 2.0),
        (3, 1.0),  # 0.5 * 16 / 4 = 2
        (4, 1.0),
        (5, 0.0),  # 0.5 * 16 / 8 = 1
        (8, 0.0),
        (9, 0.0),  # below 1: agreement is not held against anybody
    ],
)
def test_a_weight_is_the_binary_logarithm_of_m_over_u(carriers, bits):
    assert model().match_weight(PHONE, carriers) == bits


@pytest.mark.parametrize(
    ("kind", "carriers", "product"),
    [
        ("phone", 2, 4_500_000),
        ("phone", 30, 281_250),
        ("plate", 2, 2_000_000),
        ("person", 5, 300_000),
        ("address", 2, 600_000),
        ("company", 100, 625),
    ],
)
def test_the_weights_that_are_delivered(kind, carriers, product):
    found = load_model().match_weight(AttributeKind(kind), carriers)
    assert found == pytest.approx(log2(product), abs=1e-9)


@pytest.mark.parametrize(
    ("kinds", "most"),
    [
        ("phone email profile url iban wallet document vin", 32),
        ("plate image_hash case_ref", 16),
        ("person", 8),
        ("address company ip", 0),
    ],
)
def test_the_most_carriers_with_which_a_value_links_as_delivered(kinds, most):
    delivered = load_model()
    assert {delivered.most_carriers(AttributeKind(kind)) for kind in kinds.split()} == {most}


def test_the_delivered_threshold_is_that_of_the_stated_prior_and_posterior():
    assert load_model().threshold == pytest.approx(log2(9_999 * 19), abs=0.05)


@pytest.mark.parametrize(
    ("population", "most"), [(16.0, 4), (15.9, 2), (8.0, 2), (7.9, 0), (1.0, 0), (32.0, 8)]
)
def test_the_last_step_that_reaches_the_threshold_still_links(population, most):
    assert model(population=population).most_carriers(PHONE) == most


def test_a_kind_that_never_links_alone_has_no_carriers_that_do():
    assert model(population=1e9, links_alone=False).most_carriers(ADDRESS) == 0


@given(
    m=st.floats(0.01, 0.99),
    population=st.floats(1, 1e8),
    threshold=st.floats(0.5, 25),
    carriers=st.integers(2, 10_000_000),
)
def test_a_value_links_exactly_while_its_weight_reaches_the_threshold(
    m, population, threshold, carriers
):
    some = model(m, population, threshold)
    reaches = some.match_weight(PHONE, carriers) >= threshold
    assert (carriers <= some.most_carriers(PHONE)) == reaches


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_a_rarer_value_never_weighs_less(one, other):
    rare, common = sorted((one, other))
    some = model(population=1e6)
    assert some.match_weight(PHONE, rare) >= some.match_weight(PHONE, common)


def test_a_model_is_read_from_its_document():
    read = parse_model(document())
    assert (read.version, read.threshold) == ("7", 17.5)
    assert read.kinds[PHONE] == KindModel(0.5, 16.0, links_alone=True)
    assert set(read.kinds) == set(AttributeKind)


def changed(kind, **entries):
    kinds = document()["kinds"]
    return document(kinds=kinds | {kind: kinds.get(kind, {}) | entries})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "version"),
        (document(version=None), "version"),
        (document(kinds=None), "kinds"),
        (document(threshold=None), "threshold"),
        (document(threshold="17"), "threshold"),
        (document(threshold=0), "threshold"),
        (document(threshold=float("nan")), "threshold"),
        (document(threshold=float("inf")), "threshold"),
        (document(kinds={}), "phone"),
        (changed("shoe_size", m=0.5), "shoe_size"),
        (changed("phone", m=0.0), "m of phone"),
        (changed("phone", m=1.0), "m of phone"),
        (changed("phone", m=1), "m of phone"),
        (changed("phone", m=float("nan")), "m of phone"),
        (changed("phone", population=0.5), "population or links_alone of phone"),
        (changed("phone", population="many"), "population or links_alone of phone"),
        (changed("phone", population=float("inf")), "population or links_alone of phone"),
        (changed("phone", links_alone="yes"), "population or links_alone of phone"),
        (document(kinds=document()["kinds"] | {"phone": 7}), "phone"),
    ],
)
def test_a_wrong_model_is_refused_by_name(wrong, named):
    with pytest.raises(ValueError, match=named):
        parse_model(wrong)
