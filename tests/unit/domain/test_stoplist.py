"""Values for the stop-list are compared in the form in which attributes are."""

import pytest

from app.domain.attributes import AttributeKind, Context
from app.domain.errors import InvalidInputError
from app.domain.normalise.dispatch import normalise
from app.domain.stoplist import StopValue, forms_of


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        (StopValue("phone", "02/5441 0190", "SK"), ("+421254410190",)),
        (StopValue("phone", "+421 2 5441 0190"), ("+421254410190",)),
        (StopValue("phone", "+421 2 5441 0190; 02 5441 0190", "SK"), ("+421254410190",)),
        (StopValue("email", "Help@Line.example"), ("help@line.example",)),
    ],
)
def test_a_value_has_the_form_of_attributes(value, forms):
    assert forms_of(value) == forms


def test_a_profile_takes_its_platform_from_beside():
    value = StopValue("profile", "@helpline_demo", platform="telegram")
    context = Context(platform="telegram")
    expected = normalise(AttributeKind.PROFILE, "@helpline_demo", context).values
    assert forms_of(value) == tuple(each.value for each in expected)


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        (StopValue("person", "Jana Vymyslená"), "/kind"),
        (StopValue("telephone", "112"), "/kind"),
        (StopValue("phone", "0905 000 111"), "/value"),
        (StopValue("phone", "unknown", "SK"), "/value"),
        (StopValue("iban", "SK00"), "/value"),
    ],
)
def test_what_could_never_match_is_refused_without_repeating_it(value, pointer):
    with pytest.raises(InvalidInputError) as refused:
        forms_of(value)
    (fault,) = refused.value.faults
    assert fault.pointer == pointer
    assert value.raw not in fault.detail
