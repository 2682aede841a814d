"""What holds for any text: no normaliser raises, and each leaves its own values as they are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.attributes import Context
from app.domain.normalise import text as forms
from app.domain.normalise.case_ref import normalise_case_ref
from app.domain.normalise.email import normalise_email
from app.domain.normalise.image_hash import normalise_image_hash
from app.domain.normalise.ip import normalise_ip
from app.domain.normalise.phone import normalise_phone
from app.domain.normalise.placeholders import is_placeholder
from app.domain.normalise.profile import normalise_profile
from app.domain.normalise.url import normalise_url

NORMALISERS = [
    normalise_phone,
    normalise_email,
    normalise_url,
    normalise_profile,
    normalise_ip,
    normalise_image_hash,
    normalise_case_ref,
]
CONTEXTS = st.builds(
    Context,
    country=st.sampled_from([None, "SK", "DE", "IT", "UA", "RU", "US", "GR", "ZZ", "AR", "MX"]),
    platform=st.sampled_from(
        [None, "telegram", "whatsapp", "vk", "facebook", "Forum ŽX", "snap", "a:b"]
    ),
)
PIECES = st.lists(
    st.sampled_from(
        [
            "+",
            "00",
            "421",
            "905",
            "8",
            "(0)",
            "(",
            ")",
            " ",
            "-",
            "/",
            ".",
            ",",
            ";",
            "x",
            "ext. 1",
            "@",
            "https://",
            "www.",
            "m.",
            "a",
            "Ž",
            "ß",
            "İ",
            "xn--",
            "site",
            ".example",
            "?",
            "&",
            "=",
            "#",
            "%2F",
            "%",
            "%C5",
            "..",
            "[",
            "]",
            ":",
            "::",
            "10",
            "0",
            "ff",
            "sha256:",
            "id",
            "tg:",
            "vk:",
            "t.me/",
            "́",
            "\u200d",
            "�",
            "٣",
            "①",
            "№",
            "Ref.:",
            "é",
            "а",
            "|",
            " or ",
            "(at)",
            "[.]",
        ]
    ),
    max_size=12,
).map("".join)
TEXTS = st.text() | PIECES


@pytest.mark.parametrize("normalise", NORMALISERS)
@settings(max_examples=250, deadline=None)
@given(raw=TEXTS, context=CONTEXTS)
@example(raw="+54 9 11 15 2345 6789", context=Context(country="AR"))
@example(raw="+52 1 55 1234 5678", context=Context(country="MX"))
@example(raw="+7 8 800 123 45 67", context=Context(country="RU"))
@example(raw="+39 06 0123456", context=Context(country="IT"))
def test_any_text_has_a_value_that_stays_or_a_problem(normalise, raw, context):
    outcome = normalise(raw, context)
    assert outcome.values or outcome.problem
    if outcome.problem and outcome.values:
        assert normalise in (normalise_phone, normalise_email, normalise_profile)
        assert outcome.problem.startswith("One of several")
    assert len({value.value for value in outcome.values}) == len(outcome.values)
    for value in outcome.values:
        again = normalise(value.value, context)
        assert [one.value for one in again.values] == [value.value]
        assert [one.is_service for one in again.values] == [value.is_service]


@settings(max_examples=250, deadline=None)
@given(
    digits=st.text("0123456789", min_size=6, max_size=15),
    country=st.sampled_from(["SK", "DE", "AR", "HU", "BY"]),
)
@pytest.mark.parametrize("prefix", ["", "+", "00", "+421", "+49", "+54", "+36", "+7", "+39", "+52"])
def test_any_number_has_a_value_that_stays(prefix, digits, country):
    context = Context(country=country)
    for value in normalise_phone(prefix + digits, context).values:
        assert [one.value for one in normalise_phone(value.value, context).values] == [value.value]


@pytest.mark.parametrize(
    "form", [forms.clean, forms.fold, forms.upper, forms.fold_digits, forms.fold_lookalikes]
)
@given(raw=TEXTS)
def test_every_form_of_text_settles(form, raw):
    assert form(form(raw)) == form(raw)


@given(raw=TEXTS)
def test_asking_for_a_placeholder_never_fails(raw):
    assert is_placeholder(raw) in {True, False}
