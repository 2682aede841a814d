"""What a caller prefers, by the rules of RFC 9110 and RFC 4647."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.negotiation import language_for, media_type_for
from app.domain.errors import MalformedInputError

OFFERED = ("en", "sk", "bg", "el")


def chosen(asked=None, header=None):
    return language_for(asked, header, offered=OFFERED, default="en")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("sk", "sk"),
        ("SK", "sk"),
        ("sk-SK", "sk"),
        ("sk-Latn-SK", "sk"),
        ("de", "en"),
        ("de, sk", "sk"),
        ("de, sk;q=0.5, bg;q=0.8", "bg"),
        ("de;q=1.0, bg ; q=0.200, sk;q=0.3", "sk"),
        ("bg, sk", "bg"),
        ("sk;q=0.9, el", "el"),
        ("*", "en"),
        ("*, sk;q=0.5", "sk"),
        ("sk;q=0, bg;q=0.1", "bg"),
        ("sk;q=0", "en"),
        ("sk-SK, sk;q=0", "en"),
        ("sk;q=2, bg;q=0.1", "bg"),
        ("sk;q=0.1234, bg;q=0.1", "bg"),
        ("sk;q=, bg;q=0.1", "bg"),
        ("sk;level=1", "sk"),
        ("s k, bg", "bg"),
        (",,;, bg", "bg"),
        ("€, bg", "bg"),
        ("slk", "en"),
        ("x-" * 2000 + "sk", "en"),
    ],
)
def test_the_language_is_the_best_one_there_is(header, language):
    assert chosen(header=header) == language


@pytest.mark.parametrize(("asked", "language"), [("sk", "sk"), ("SK", "sk"), ("el-GR", "el")])
def test_the_language_asked_for_by_name_goes_before_the_header(asked, language):
    assert chosen(asked, "bg") == language


@pytest.mark.parametrize("asked", ["", "de", "*", "sk,bg", "s k", "-sk", "sk_SK", "english"])
def test_a_language_that_is_not_there_is_refused_without_being_repeated(asked):
    with pytest.raises(MalformedInputError) as refused:
        chosen(asked, "sk")
    assert refused.value.detail == "lang is one of en, sk, bg, el"


@given(st.text(max_size=60))
def test_any_header_leads_to_a_language(header):
    assert chosen(header=header) in OFFERED


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv, */*", "application/json"),
        ("text/csv, */*;q=0.5", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("text/csv;q=0, */*", "application/json"),
        ("application/*;q=0.2, text/csv;q=0.3", "text/csv"),
        ("image/png", "application/json"),
    ],
)
def test_the_media_type_is_the_one_preferred(header, kind):
    assert media_type_for(header, ("application/json", "text/csv")) == kind
