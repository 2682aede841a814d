"""E-mail addresses: what is one mailbox, what only looks like it."""

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import Context
from app.domain.normalise.email import normalise_email


def values(raw):
    return [value.value for value in normalise_email(raw, Context()).values]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ivan.P@Mail.Example", "ivan.p@mail.example"),
        ("mailto:ivan@mail.example?subject=x", "ivan@mail.example"),
        ("Ivan P. <ivan@mail.example>", "ivan@mail.example"),
        ("ivan (at) mail (dot) example", "ivan@mail.example"),
        ("ivan[at]mail[.]example", "ivan@mail.example"),
        ("ivan@mail.example.", "ivan@mail.example"),
        ("ivan+jobs@mail.example", "ivan+jobs@mail.example"),
        ("i.van+jobs@gmail.com", "ivan@gmail.com"),
        ("IVAN@googlemail.com", "ivan@gmail.com"),
        ("ivan@пример.example", "ivan@xn--e1afmkfd.example"),
        ("ivan@XN--E1AFMKFD.example", "ivan@xn--e1afmkfd.example"),
        ("ｉｖａｎ@mail.example", "ivan@mail.example"),
        ("иван@пример.example", "иван@xn--e1afmkfd.example"),
        ("ivan@mail.test", "ivan@mail.test"),
        ("ivan@mail.invalid", "ivan@mail.invalid"),
        ("o'neill@mail.test", "o'neill@mail.test"),
        ("o'neill@mail.example", "o'neill@mail.example"),
    ],
)
def test_spellings_of_a_mailbox_become_one_value(raw, expected):
    assert values(raw) == [expected]


def test_two_addresses_in_one_field_are_two_values():
    assert values("a1@mail.example; b2@mail.example, A1@mail.example") == [
        "a1@mail.example",
        "b2@mail.example",
    ]


def test_dots_matter_outside_google():
    assert values("i.van@mail.example") != values("ivan@mail.example")


@pytest.mark.parametrize(
    "raw", ["ivan@exаmple.com", "ivаn@mail.example", "ivan@xn--exmple-4nf.com"]
)
def test_a_look_alike_letter_is_noticed_and_kept(raw):
    (value,) = normalise_email(raw, Context()).values
    assert value.note == "mixed_script"
    assert value.value not in {"ivan@example.com", "ivan@mail.example"}


@pytest.mark.parametrize(
    "raw", ["noreply@portal.example", "MAILER-DAEMON@mail.example", "postmaster@mail.example"]
)
def test_a_mailbox_nobody_owns_never_links(raw):
    (value,) = normalise_email(raw, Context()).values
    assert (value.is_service, value.note) == (True, "role_mailbox")


def test_the_general_mailbox_of_a_firm_is_noted_and_links():
    (value,) = normalise_email("info@firm.example", Context()).values
    assert (value.is_service, value.note) == (False, "role_mailbox")


@pytest.mark.parametrize(
    "raw",
    [
        "unknown",
        "-",
        "noemail@example.com",
        "unknown@unknown",
        "test@mail.example",
        "xx.xx+jobs@gmail.com",
        "xxx@xxx.example",
    ],
)
def test_a_placeholder_has_no_value(raw):
    outcome = normalise_email(raw, Context())
    assert outcome.values == ()
    assert "not known" in outcome.problem


@pytest.mark.parametrize(
    "raw",
    [
        "ivan",
        "ivan@",
        "@ivan",
        "ivan@mail",
        "iv an@mail",
        "a..b@mail.example",
        "ivan.@mail.example",
        "ivan@-mail.example",
        "ivan@mail..example",
        "i" * 65 + "@mail.example",
        "ivan@ab--c.example",
    ],
)
def test_what_is_no_address_has_no_value_and_is_not_repeated(raw):
    outcome = normalise_email(raw, Context())
    assert outcome.values == ()
    assert raw not in outcome.problem


LABEL = st.from_regex(r"\A[a-z0-9-]{1,12}\Z")


@given(
    st.lists(st.from_regex(r"\A[a-z0-9_+-]{1,9}\Z"), min_size=1, max_size=3),
    st.lists(LABEL, min_size=1, max_size=3),
)
def test_the_fast_path_accepts_only_what_the_library_accepts(local, domain):
    raw = f"{'.'.join(local)}@{'.'.join(domain)}.example"
    for value in values(raw):
        assert validate_email(value, check_deliverability=False)


@pytest.mark.parametrize(
    ("raw", "good"),
    [
        ("ivan@mail.example; ivan@", ["ivan@mail.example"]),
        ("ivan@, petra@mail.example", ["petra@mail.example"]),
        ("a1@mail.example, a..b@mail.example, b2@mail.example", ["a1@mail.example", "b2@mail.example"]),
        ("ivan@mail.example; jana.mail.example", ["ivan@mail.example"]),
    ],
)  # fmt: skip
def test_of_several_the_good_ones_are_taken_and_a_bad_one_is_told(raw, good):
    outcome = normalise_email(raw, Context())
    assert [value.value for value in outcome.values] == good
    assert "One of several" in outcome.problem
    assert not any(word in outcome.problem for word in ("ivan", "jana", "a..b"))


@pytest.mark.parametrize(
    "raw",
    [
        "Ivan P. <ivan@mail.example>",
        "Novak, J. <ivan@mail.example>",
        "ivan@mail.example;",
        "ivan@mail.example, petra@mail.example",
        "ivan@mail.example, firm s.r.o.",
    ],
)
def test_nothing_is_told_where_every_address_was_taken(raw):
    assert normalise_email(raw, Context()).problem is None
