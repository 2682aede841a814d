"""IP addresses: one form, and which of them can link."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.ip import normalise_ip


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:8080", "192.0.2.7"),
        ("192.0.2[.]7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("١٩٢.٠.٢.٧", "192.0.2.7"),
        ("2001:DB8:0:0::0007", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:db8::7%eth0", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("3fff::1", "3fff::1"),
        ("9.9.9.9", "9.9.9.9"),
    ],
)
def test_a_public_or_documentation_address_links(raw, expected):
    (value,) = normalise_ip(raw, Context()).values
    assert (value.value, value.is_service, value.note) == (expected, False, None)


@pytest.mark.parametrize(
    "raw",
    [
        "10.0.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "224.0.0.1",
        "0.0.0.0",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "255.255.255.255",
    ],
)
def test_an_address_that_is_not_public_never_links(raw):
    (value,) = normalise_ip(raw, Context()).values
    assert (value.is_service, value.note) == (True, "not_public")


@pytest.mark.parametrize(
    "raw",
    ["300.1.1.1", "010.1.1.1", "site.example", "192.0.2.0/24", "192.0.2.7/x", "unknown", "-", ""],
)
def test_what_is_no_address_is_said_to_be_none(raw):
    outcome = normalise_ip(raw, Context())
    assert outcome.values == ()
    assert outcome.problem
