"""Web addresses: copies of one page become one value."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.url import normalise_url


@pytest.mark.parametrize(
    "raw",
    [
        "https://jobs.example/offer/4711",
        "http://www.jobs.example/offer/4711/",
        "jobs.example/offer/4711",
        "WWW.JOBS.EXAMPLE/offer/4711",
        "//jobs.example/offer/4711",
        "https://m.jobs.example/offer/4711",
        "https://www.m.jobs.example:443/offer/4711",
        "http://jobs.example:80/offer/4711#contact",
        "https://user:secret@jobs.example/offer/4711",
        "https://jobs.example/offer/4711?utm_source=share&fbclid=64b3&gclid=1&ref_src=x&mc_cid=2&igshid=3",
        "https://jobs.example./x/../offer/./4711",
        "https://jobs.example/offer/%34711",
        "hxxps://jobs[.]example/offer/4711",
        "hxxp[://]jobs(dot)example/offer/4711",
        "<https://jobs.example/offer/4711>.",
        "(jobs.example/offer/4711)"[1:],
        "https://jobs.example/offer/4711;jsessionid=AB12",
        "ｊｏｂｓ.example/offer/4711",
    ],
)
def test_copies_of_a_page_become_one_value(raw):
    (value,) = normalise_url(raw, Context()).values
    assert (value.value, value.is_service, value.note) == ("jobs.example/offer/4711", False, None)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://jobs.example/ad?b=2&a=1&utm_medium=x", "jobs.example/ad?a=1&b=2"),
        ("https://jobs.example/?id=5", "jobs.example?id=5"),
        ("https://jobs.example/ad?q=a+b%2bc", "jobs.example/ad?q=a%20b%2Bc"),
        ("https://jobs.example/Ad/ŽA", "jobs.example/Ad/%C5%BDA"),
        ("https://jobs.example/Ad/%c5%bdA", "jobs.example/Ad/%C5%BDA"),
        ("https://jobs.example/a%2Fb", "jobs.example/a%2Fb"),
        ("https://jobs.example:8443/ad", "jobs.example:8443/ad"),
        ("https://straße.example/ad", "xn--strae-oqa.example/ad"),
        ("https://пример.example/ad", "xn--e1afmkfd.example/ad"),
        ("http://192.0.2.7/ad", "192.0.2.7/ad"),
        ("http://[2001:DB8::7]:81/ad", "[2001:db8::7]:81/ad"),
        ("https://jobs.example?e=a@b.example", "jobs.example?e=a@b.example"),
        ("https://m.me/ivan.p", "m.me/ivan.p"),
        ("https://jobs.example/ad?ref=5512", "jobs.example/ad?ref=5512"),
        (
            "https://jobs.example/ad?src=a&source=b&at_id=1",
            "jobs.example/ad?at_id=1&source=b&src=a",
        ),
        ("https://jobs.example/?campaign=7", "jobs.example?campaign=7"),
        ("https://jobs.example/#/offer/7/", "jobs.example#/offer/7"),
        ("https://jobs.example/app#!offer=7", "jobs.example/app#!offer=7"),
    ],
)
def test_what_tells_pages_apart_is_kept(raw, expected):
    (value,) = normalise_url(raw, Context()).values
    assert value.value == expected


def test_the_case_of_a_path_tells_pages_apart():
    assert normalise_url("a.example/Ab1", Context()) != normalise_url("a.example/aB1", Context())


@pytest.mark.parametrize(
    "raw",
    [
        "https://www.jobs.example",
        "jobs.example/",
        "jobs.example/#x",
        "jobs.example?utm_source=x",
        "jobs.example/index.php",
        "https://jobs.example/sk/",
        "jobs.example/home",
    ],
)
def test_a_site_without_a_page_never_links(raw):
    (value,) = normalise_url(raw, Context()).values
    assert (value.is_service, value.note) == (True, "site_only")


@pytest.mark.parametrize("raw", ["https://exаmple.com/login1", "https://xn--exmple-4nf.com/login1"])
def test_a_host_that_imitates_another_is_noted(raw):
    (value,) = normalise_url(raw, Context()).values
    assert (value.value, value.note) == ("xn--exmple-4nf.com/login1", "mixed_script")


@pytest.mark.parametrize(
    "raw",
    [
        "unknown",
        "-",
        "",
        "https://",
        "mailto:a@b.example",
        "javascript:alert(1)",
        "tel:+421905123456",
        "ivan@mail.example",
        "two words.example/x",
        "localhost/x",
        "http://[::1",
        "a.example:x/y",
        "plain",
        "http://[zz]/x",
        "256.1.1.1/x",
        "https://.example/x",
        "ä" * 70 + ".example/x",
        "xn--ä.example/q",
    ],
)
def test_what_is_no_page_has_no_value(raw):
    outcome = normalise_url(raw, Context())
    assert outcome.values == ()
    assert outcome.problem


def test_a_broken_punycode_host_is_kept_without_a_note():
    (value,) = normalise_url("https://xn--99999999.example/ad", Context()).values
    assert value.note is None


@pytest.mark.parametrize("raw", ["https://werk.example/%3A", "werk.example/.%2E", "werk.example"])
def test_an_encoded_mark_at_the_end_is_no_page(raw):
    [found] = normalise_url(raw, Context()).values
    assert (found.value, found.note) == ("werk.example", "site_only")


def test_an_encoded_mark_at_the_end_of_a_query_goes_like_a_plain_one():
    values = [
        normalise_url(f"https://werk.example/a?b=c{mark}", Context()).values
        for mark in ("", ":", "%3A")
    ]
    assert values[0] == values[1] == values[2]
