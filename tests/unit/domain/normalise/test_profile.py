"""Profiles: platform and handle, from whatever was copied."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.profile import (
    is_known_platform,
    normalise_profile,
    profile_from_url,
)


def values(raw, platform=None, country=None):
    outcome = normalise_profile(raw, Context(platform=platform, country=country))
    return [value.value for value in outcome.values]


@pytest.mark.parametrize(
    ("raw", "platform", "expected"),
    [
        ("@Ivan_P", "telegram", "telegram:ivan_p"),
        ("Ivan_P", "tg", "telegram:ivan_p"),
        ("tg:@Ivan_P", None, "telegram:ivan_p"),
        ("Telegram: ivan_p", "instagram", "telegram:ivan_p"),
        ("https://t.me/Ivan_P?start=1", None, "telegram:ivan_p"),
        ("t.me/s/ivan_p/77", "telegram", "telegram:ivan_p"),
        ("tg://resolve?domain=Ivan_P", None, "telegram:ivan_p"),
        ("https://www.instagram.com/ivan.p/?igshid=1", None, "instagram:ivan.p"),
        ("https://instagram.com/stories/ivan.p/123", None, "instagram:ivan.p"),
        ("insta:ivan.p", None, "instagram:ivan.p"),
        ("https://m.facebook.com/Ivan.Petrov", None, "facebook:ivanpetrov"),
        ("https://sk-sk.facebook.com/ivanpetrov", None, "facebook:ivanpetrov"),
        ("fb:ivan.petrov", None, "facebook:ivanpetrov"),
        (
            "https://www.facebook.com/profile.php?id=100012345678901&ref=x",
            None,
            "facebook:id:100012345678901",
        ),
        (
            "https://facebook.com/people/Ivan-P/100012345678901/",
            None,
            "facebook:id:100012345678901",
        ),
        ("100012345678901", "facebook", "facebook:id:100012345678901"),
        (
            "https://www.facebook.com/permalink.php?story_fbid=4711&id=100012345678901",
            None,
            "facebook:id:100012345678901",
        ),
        ("m.me/ivan.petrov", None, "facebook:ivanpetrov"),
        ("https://vk.com/id12345", "vkontakte", "vk:id:12345"),
        ("vkontakte:ivan", None, "vk:ivan"),
        ("https://ok.ru/profile/5512345", None, "ok:id:5512345"),
        ("https://ok.ru/ivan.p", None, "ok:ivan.p"),
        ("https://www.tiktok.com/@ivan.p/video/7", None, "tiktok:ivan.p"),
        ("https://twitter.com/Ivan_P", None, "x:ivan_p"),
        ("https://x.com/ivan_p/status/1", None, "x:ivan_p"),
        ("https://x.com/i/user/4711", None, "x:id:4711"),
        ("https://www.snapchat.com/add/ivan-p", None, "snapchat:ivan-p"),
        ("https://www.youtube.com/@IvanP", None, "youtube:ivanp"),
        ("https://www.linkedin.com/in/ivan-p/", None, "linkedin:ivan-p"),
        ("https://wa.me/421905123456?text=hi", None, "whatsapp:+421905123456"),
        ("https://api.whatsapp.com/send?phone=%2B421905123456", None, "whatsapp:+421905123456"),
        ("whatsapp://send?phone=421905123456", None, "whatsapp:+421905123456"),
        ("viber://chat?number=%2B421905123456", None, "viber:+421905123456"),
        ("https://signal.me/#p/+421905123456", None, "signal:+421905123456"),
        ("https://t.me/+421905123456", None, "telegram:+421905123456"),
        ("whatsapp:+421 905 123 456", None, "whatsapp:+421905123456"),
        ("telegram:+421 905 123 456", None, "telegram:+421905123456"),
        ("+421 905 123 456", "signal", "signal:+421905123456"),
        ("Phtsdozi_eu64330", "viber", "viber:phtsdozi_eu64330"),
        ("ｉｖａｎ", "telegram", "telegram:ivan"),
        ("ivan99", "Someforum", "someforum:ivan99"),
        ("someforum:ivan99", "someforum", "someforum:ivan99"),
    ],
)
def test_what_was_copied_becomes_platform_and_handle(raw, platform, expected):
    assert values(raw, platform) == [expected]
    assert values(expected, platform) == [expected]


def test_a_messenger_number_without_code_is_read_in_the_country_of_the_report():
    assert values("0905/123 456", "whatsapp", "SK") == ["whatsapp:+421905123456"]


@pytest.mark.parametrize("raw", ["@ivan", "ivan", "someforum:ivan", "ivan p"])
def test_a_handle_without_platform_has_no_value(raw):
    outcome = normalise_profile(raw, Context())
    assert outcome.values == ()
    assert "platform" in outcome.problem


@pytest.mark.parametrize(
    ("raw", "platform"),
    [
        ("@unknown", "telegram"),
        ("telegram:xxx", None),
        ("-", "telegram"),
        ("Ivan Petrov", "facebook"),
        ("whatsapp:0905123456", None),
        ("whatsapp:112", "whatsapp"),
        ("+112233", "whatsapp"),
        ("ivan", "a:b"),
        ("https://t.me/joinchat/AbCd", "telegram"),
        ("https://forum.example/ivan", None),
        ("tg://join?invite=AbCd", None),
    ],
)
def test_what_names_no_account_has_no_value(raw, platform):
    outcome = normalise_profile(raw, Context(platform=platform))
    assert outcome.values == ()
    assert outcome.problem


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/groups/4711",
        "https://www.facebook.com/profile.php",
        "https://facebook.com/people/Ivan",
        "https://www.instagram.com/p/AbC/",
        "https://www.instagram.com/",
        "https://t.me/+AbCdEf",
        "https://vm.tiktok.com/AbC",
        "https://www.tiktok.com/foryou",
        "https://chat.whatsapp.com/AbC",
        "https://wa.me/",
        "https://ok.ru/group/1",
        "https://ok.ru/profile/x",
        "https://www.linkedin.com/jobs/1",
        "https://www.snapchat.com/discover",
        "https://jobs.example/ivan",
        "viber://chat?number=",
        "tg://join?invite=AbCd",
        "not a url",
    ],
)
def test_pages_that_are_no_profile_are_not_taken_for_one(url):
    assert profile_from_url(url) is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("telegram", True), ("Telegram", True), ("VK", True), ("вконтакте", True), ("tinder", True),
        ("Jana", False), ("forum", False), ("", False), ("telegram:jana", False),
    ],
)  # fmt: skip
def test_a_platform_is_known_by_any_of_its_names(name, known):
    assert is_known_platform(name) is known


@pytest.mark.parametrize(
    "address",
    [
        "facebook.com/permalink.php?story_fbid=1",
        *(f"facebook.com/{page}" for page in ("ads", "business/x", "notes/1", "jobs", "friends")),
        *("facebook.com/policy.php", "x.com/compose", "x.com/notifications", "t.me/addlist/Ab1"),
        *(f"vk.com/{page}" for page in ("im?sel=1", "wall-1_2", "photo1_2", "video-1_2", "club12")),
        *("vk.com/public12", "vk.com/app12", "vk.com/topic-1_2", "vk.com/event12"),
    ],
)
def test_pages_of_a_platform_are_no_accounts(address):
    assert profile_from_url(address) is None
