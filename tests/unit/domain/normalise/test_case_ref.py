"""Case references: punctuation is no difference, figures are."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.case_ref import normalise_case_ref


@pytest.mark.parametrize(
    "raw",
    [
        "POL-NL-2019/12501",
        "pol nl 2019 12501",
        "Ref.: POL_NL_2019.12501",
        "ＰＯＬ–ＮＬ–２０１９／１２５０１",
        " POL/NL/2019//12501. ",
        "Case no: pol-nl-2019-12501",
        "POL-NL-٢٠١٩-12501",
    ],
)
def test_spellings_of_one_reference_become_one_value(raw):
    (value,) = normalise_case_ref(raw, Context()).values
    assert value.value == "POL-NL-2019-12501"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("POL-NL-2019/12501", "POL-NL-2019/1250"),
        ("POL-NL-2019/12501", "POL-NL-2019/012501"),
        ("12-345/19", "1-2345/19"),
        ("NO-12045", "12045-1"),
    ],
)
def test_different_references_stay_different(left, right):
    assert normalise_case_ref(left, Context()).values != normalise_case_ref(right, Context()).values


@pytest.mark.parametrize(
    "raw", ["12/19", "A-1", "unknown", "n/a", "000000", "Ref.: unknown", "ABCDEF", "", "123456"]
)
def test_what_would_fit_many_cases_has_no_value(raw):
    outcome = normalise_case_ref(raw, Context())
    assert outcome.values == ()
    assert outcome.problem
