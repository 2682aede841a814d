"""What holds for every string, whatever somebody pastes into a field."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import Context
from app.domain.normalise.address import compose_address, normalise_address
from app.domain.normalise.company import normalise_company
from app.domain.normalise.dates import PartialDate, parse_partial_date
from app.domain.normalise.document import normalise_document
from app.domain.normalise.iban import normalise_iban
from app.domain.normalise.mrz import read_zone
from app.domain.normalise.names import fold_name, name_tokens, normalise_person
from app.domain.normalise.plate import normalise_plate
from app.domain.normalise.romanise import fold_token, romanise
from app.domain.normalise.vin import normalise_vin
from app.domain.normalise.wallet import normalise_wallet

NORMALISERS = [
    normalise_iban,
    normalise_wallet,
    normalise_document,
    normalise_plate,
    normalise_vin,
    normalise_company,
    normalise_address,
]
COUNTRY = st.sampled_from(
    [None, "SK", "BG", "GR", "UA", "DE", "PL", "ES", "IT", "RO", "FR", "SE", "VN"]
)
CONTEXT = st.builds(
    Context,
    country=COUNTRY,
    document_kind=st.sampled_from([None, "passport", "national_id", "personal_number"]),
)
NEAR = st.text(
    st.sampled_from("ABDEHKOISTUZabkolrs0123456789 .,-/|:<'*?АВСХолщиÄΓΕº№١"), max_size=40
)
PIECES = st.lists(
    st.sampled_from(
        [
            "SK",
            "BG",
            "HRB",
            "KvK",
            "ul.",
            "č.",
            "12",
            "0123456",
            "J40/1",
            "Hlavná",
            "Žilina",
            "/",
            ", ",
            " ",
            "P<UTO",
            "AB",
        ]
    ),
    max_size=8,
).map("".join)
SOME_TEXT = st.one_of(st.text(max_size=60), NEAR, PIECES)


@pytest.mark.parametrize("normalise", NORMALISERS)
@given(raw=SOME_TEXT, context=CONTEXT)
def test_every_string_gives_values_or_a_reason_but_not_both(normalise, raw, context):
    outcome = normalise(raw, context)
    assert bool(outcome.values) != bool(outcome.problem)


@pytest.mark.parametrize("normalise", NORMALISERS)
@given(raw=SOME_TEXT, context=CONTEXT)
def test_a_value_is_left_as_it_is(normalise, raw, context):
    for normalised in normalise(raw, context).values:
        again = normalise(normalised.value, context)
        assert [n.value for n in again.values] == [normalised.value]


@pytest.mark.parametrize("normalise", [normalise_document, normalise_plate])
@given(raw=SOME_TEXT, context=CONTEXT)
def test_values_are_plain_letters_and_digits(normalise, raw, context):
    for normalised in normalise(raw, context).values:
        assert re.fullmatch(r"[A-Z0-9]+", normalised.value)


@given(raw=SOME_TEXT, locality=st.one_of(st.none(), SOME_TEXT), context=CONTEXT)
def test_an_address_has_three_parts(raw, locality, context):
    for normalised in compose_address(raw, locality, context).values:
        assert re.fullmatch(r"[0-9]{1,4}[a-z]?\|[a-z0-9 ]+\|[a-z0-9 ]*", normalised.value)


@given(text=SOME_TEXT, country=COUNTRY)
def test_romanised_text_is_ascii(text, country):
    assert romanise(text, country).isascii()


@given(token=st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), max_size=20))
def test_the_coarse_form_of_a_coarse_form_is_itself(token):
    assert fold_token(fold_token(token)) == fold_token(token)


@given(words=st.lists(SOME_TEXT, max_size=4), country=COUNTRY)
def test_the_order_of_names_does_not_matter(words, country):
    def tokens(parts):
        given_name, family_name = " ".join(parts[:1]), " ".join(parts[1:])
        return name_tokens(
            name=None, given_name=given_name, family_name=family_name, country=country
        )

    assert list(tokens(words)) == sorted(tokens(words))
    assert fold_name(tokens(words)) == fold_name(tuple(reversed(tokens(words))))


@given(
    tokens=st.lists(st.text(st.sampled_from("abkov"), min_size=1), max_size=4),
    date=st.one_of(
        st.none(), st.dates().map(lambda day: PartialDate(day.year, day.month, day.day))
    ),
)
def test_a_person_gives_values_or_a_reason_but_not_both(tokens, date):
    outcome = normalise_person(tuple(tokens), date)
    assert bool(outcome.values) != bool(outcome.problem)


@given(raw=SOME_TEXT)
def test_reading_dates_and_zones_never_fails(raw):
    parse_partial_date(raw)
    read_zone(raw)


@given(zone=st.text(st.sampled_from("AB01<"), min_size=30, max_size=90))
def test_a_zone_of_any_content_is_read_or_refused(zone):
    for length in (30, 36, 44, 72, 88, 90):
        padded = (zone * 3)[:length]
        assert read_zone(padded) is not None


@given(day=st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_full_date_is_read_back_as_written(day):
    assert parse_partial_date(day.isoformat()).isoformat() == day.isoformat()
