"""Accounts on social networks and messengers as "platform:handle".

A handle alone names different people on different platforms, so there is no value without one.
"""

import re
from typing import Final

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.phone import normalise_phone
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold
from app.domain.normalise.url import UrlParts, split_url

_NO_PLATFORM: Final = (
    'A handle needs its platform ("telegram:…"), because it names others on other platforms.'
)
_NOT_A_HANDLE: Final = "This is not the handle or the number of an account."
_NOT_A_PROFILE: Final = "This address leads to no account that is known by its handle."

_ALIASES = {
    "fb": "facebook",
    "messenger": "facebook",
    "fbmessenger": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "tg": "telegram",
    "telega": "telegram",
    "vkontakte": "vk",
    "вконтакте": "vk",
    "вк": "vk",
    "odnoklassniki": "ok",
    "одноклассники": "ok",
    "twitter": "x",
    "snap": "snapchat",
    "sc": "snapchat",
    "tik tok": "tiktok",
    "tt": "tiktok",
    "wa": "whatsapp",
    "whats app": "whatsapp",
    "yt": "youtube",
    "телеграм": "telegram",
    "вайбер": "viber",
    "ватсап": "whatsapp",
    "фейсбук": "facebook",
    "инстаграм": "instagram",
}
_PLATFORMS = frozenset(_ALIASES.values()) | {
    *("signal", "zalo", "imo", "skype", "wechat", "line", "kik", "discord", "threads", "linkedin"),
    *("onlyfans", "badoo", "tinder", "wickr", "session", "reddit", "pinterest", "twitch", "tumblr"),
}
_BY_NUMBER = frozenset({"whatsapp", "viber", "signal", "zalo", "imo"})
"""Messengers whose account is a telephone number unless it is plainly a name."""

_HOSTS = {
    **dict.fromkeys(("facebook.com", "fb.com", "fb.me", "m.me", "messenger.com"), "facebook"),
    **dict.fromkeys(("instagram.com", "instagr.am"), "instagram"),
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), "telegram"),
    **dict.fromkeys(("vk.com", "vk.ru", "vkontakte.ru"), "vk"),
    **dict.fromkeys(("ok.ru", "odnoklassniki.ru"), "ok"),
    **dict.fromkeys(("x.com", "twitter.com"), "x"),
    **dict.fromkeys(("wa.me", "api.whatsapp.com", "whatsapp.com"), "whatsapp"),
    **dict.fromkeys(("youtube.com", "threads.net", "threads.com"), "@"),
    "tiktok.com": "tiktok",
    "snapchat.com": "snapchat",
    "linkedin.com": "linkedin",
    "onlyfans.com": "onlyfans",
    "zalo.me": "zalo",
    "signal.me": "signal",
}
_NOT_HANDLES = frozenset(
    {
        *("about", "accounts", "addlist", "addstickers", "addemoji", "addtheme", "ads", "app"),
        *("apps", "bookmarks", "boost", "bg", "business", "c", "careers", "channel", "compose"),
        *("confirmphone", "contact", "dialog", "direct", "download", "events", "explore", "feed"),
        *("friends", "games", "gaming", "giftcode", "group", "groups", "hashtag", "help", "home"),
        *("i", "im", "intent", "invoice", "iv", "jobs", "joinchat", "legal", "lists", "live"),
        *("login", "logout", "mail", "marketplace", "media", "messages", "music", "notes"),
        *("notifications", "p", "pages", "people", "photo", "photos", "policies", "policy"),
        *("press", "privacy", "profile", "proxy", "public", "reel", "reels", "saved", "search"),
        *("send", "setlanguage", "settings", "share", "sharer", "shop", "signup", "socks"),
        *("status", "stickers", "story", "stories", "terms", "tos", "tv", "video", "videos"),
        *("wall", "watch"),
    }
)
"""Words that platforms use in the place of a handle for pages of their own."""
_SCRIPT_WITH_ACCOUNT = frozenset({"profile.php", "permalink.php", "story.php"})
"""Pages of Facebook whose parameter "id" is the number of the account."""
_VK_PAGE = re.compile(
    r"(?:wall|photo|video|clip|album|topic|club|public|event|app|doc|market|audio|board|note|page"
    r"|write|story|product)-?\d"
)
_FIRST_STEPS = {
    "instagram": ("stories",),
    "telegram": ("s",),
    "snapchat": ("add",),
    "linkedin": ("in", "company"),
}
"""Path segments that stand before the handle."""

_ONLY_WITH_AT = frozenset({"tiktok", "threads", "youtube"})
_ONLY_AFTER_STEP = frozenset({"linkedin", "snapchat"})
_PREFIX = re.compile(r"([^:/@?#=]{1,20}?) ?: ?(.+)", re.DOTALL)
_HANDLE = re.compile(r"[^\W_][\w.+#-]{0,63}|_[\w.+#-]{1,63}")
_ID = re.compile(r"id:\d{3,20}")
_VK_ID = re.compile(r"id(\d+)")
_FACEBOOK_ID = re.compile(r"\d{8,20}")
_PHONE = re.compile(r"[+(]?\d[\d ()./-]{4,24}\d")
_NUMBER_IN_QUERY = re.compile(r"(?:^|&)(?:phone|number)=(?:%2B|\+| )?(\d+)", re.IGNORECASE)
_ID_IN_QUERY = re.compile(r"(?:^|&)id=(\d+)")
_DOMAIN_IN_QUERY = re.compile(r"resolve\?(?:.*&)?domain=([\w.]+)", re.IGNORECASE)
_APP_LINK = re.compile(r"(?:tg|viber|whatsapp|sgnl)://", re.IGNORECASE)


def normalise_profile(raw: str, context: Context) -> Outcome:
    """Return "platform:handle", "platform:id:<number>" where the address holds the account's
    number, or "platform:+<E.164>" where a messenger's account is a telephone number.

    Accepted are the address of the profile, "platform:handle", and a handle where the context
    names the platform; what the value itself says goes before the context. Handles are compared
    in NFKC and folded case without "@". Facebook takes no notice of dots in them.
    """
    if is_placeholder(raw):
        return NOT_KNOWN
    text = fold(raw)
    platform = _platform(context.platform)
    if "/" in text:
        found = profile_from_url(raw)
        if found is None and not _PHONE.fullmatch(text):
            return Outcome(problem=_NOT_A_PROFILE)
        text = found or text
    prefixed = _PREFIX.fullmatch(text)
    if prefixed is not None:
        named = _ALIASES.get(prefixed[1], prefixed[1])
        if named in _PLATFORMS or named == platform:
            return _account(named, prefixed[2], context)
    if platform is None:
        return Outcome(problem=_NO_PLATFORM)
    return _account(platform, text, context)


def profile_from_url(url: str) -> str | None:
    """Return the account that a known kind of profile address leads to ("telegram:ivan_p"), or
    None for other pages, among them posts, groups and invitations.
    """
    app_link = _APP_LINK.match(url.lstrip())
    if app_link:
        return _from_app_link(url.strip(), app_link[0].lower())
    parts = split_url(url)
    if parts is None:
        return None
    platform = _HOSTS.get(parts.host)
    if platform is None:
        country, _, rest = parts.host.partition(".")
        platform = _HOSTS.get(rest) if len(country) in {2, 5} else None
    if platform is None:
        return None
    if platform == "@":
        platform = parts.host.partition(".")[0]
    segments = [fold(segment) for segment in parts.path.split("/") if segment]
    handle = _number_in(parts, platform, segments) or _handle_in(platform, segments)
    return _value(platform, handle) if handle else None


def is_known_platform(name: str) -> bool:
    """Whether a name ("Telegram", "vk") is that of a platform that is known here."""
    folded = fold(name)
    return folded in _ALIASES or folded in _PLATFORMS


def _platform(name: str | None) -> str | None:
    """Return the code of a platform; one that is not known here keeps its own name."""
    if name is None or not (folded := fold(name)) or ":" in folded:
        return None
    return _ALIASES.get(folded, folded)


def _account(platform: str, handle: str, context: Context) -> Outcome:
    by_number = platform in _BY_NUMBER or (platform == "telegram" and handle[:1] in "+0")
    if by_number and _PHONE.fullmatch(handle):
        return _numbered(platform, handle, context)
    value = _value(platform, handle)
    if value is None:
        return Outcome(problem=_NOT_A_HANDLE)
    if ":id:" not in value and is_placeholder(value.rpartition(":")[2]):
        return NOT_KNOWN
    return Outcome((Normalised(value),))


def _numbered(platform: str, number: str, context: Context) -> Outcome:
    read = normalise_phone(number, context)
    values = tuple(
        Normalised(f"{platform}:{phone.value}", phone.is_service, phone.note)
        for phone in read.values
        if phone.value.startswith("+")
    )
    return Outcome(values, read.problem or (None if values else _NOT_A_HANDLE))


def _value(platform: str, handle: str) -> str | None:
    handle = handle.strip(" @/")
    if _ID.fullmatch(handle) or (handle[:1] == "+" and handle[1:].isdigit()):
        return f"{platform}:{handle}"
    if platform in _BY_NUMBER and handle.isdigit():
        return None
    if platform == "vk":
        handle = _VK_ID.sub(r"id:\1", handle) if _VK_ID.fullmatch(handle) else handle
    elif platform == "facebook":
        handle = f"id:{handle}" if _FACEBOOK_ID.fullmatch(handle) else handle.replace(".", "")
    if _ID.fullmatch(handle) or _HANDLE.fullmatch(handle):
        return f"{platform}:{handle}"
    return None


def _number_in(parts: UrlParts, platform: str, segments: list[str]) -> str | None:
    """Find the number that names the account: of the telephone or of the account itself."""
    first, rest = (segments[0], segments[1:]) if segments else ("", [])
    if platform in _BY_NUMBER:
        digits = first.lstrip("+")
        written = _NUMBER_IN_QUERY.search(parts.query)
        if platform == "signal":
            digits = parts.fragment.removeprefix("p/").lstrip("+")
        number = digits if digits.isdigit() else written[1] if written else ""
        return _telephone(number)
    if platform == "telegram" and first[:1] == "+":
        return _telephone(first[1:])
    if (
        platform == "facebook"
        and first in _SCRIPT_WITH_ACCOUNT
        and (numbered := _ID_IN_QUERY.search(parts.query))
    ):
        return f"id:{numbered[1]}"
    if (platform, first) in {("facebook", "people"), ("facebook", "pages"), ("x", "i")}:
        return f"id:{rest[-1]}" if rest and rest[-1].isdigit() else None
    if (platform, first) == ("ok", "profile"):
        return f"id:{rest[0]}" if rest and rest[0].isdigit() else None
    return None


def _telephone(digits: str) -> str | None:
    read = normalise_phone(f"+{digits.removeprefix('00')}", Context()) if digits.isdigit() else None
    return read.values[0].value if read and read.values else None


def _handle_in(platform: str, segments: list[str]) -> str | None:
    steps = _FIRST_STEPS.get(platform, ())
    if segments and segments[0] in steps:
        segments = segments[1:]
    elif platform in _ONLY_AFTER_STEP and segments and segments[0][0] != "@":
        return None
    if not segments or platform in _BY_NUMBER or _is_page(platform, segments[0]):
        return None
    if segments[0][0] == "+" or (platform in _ONLY_WITH_AT and segments[0][0] != "@"):
        return None
    return segments[0]


def _is_page(platform: str, segment: str) -> bool:
    """Whether a segment in the place of a handle is a page of the platform, a post or a group."""
    return (
        segment in _NOT_HANDLES
        or segment.endswith(".php")
        or (platform == "vk" and _VK_PAGE.match(segment) is not None)
    )


def _from_app_link(url: str, scheme: str) -> str | None:
    if scheme == "tg://":
        named = _DOMAIN_IN_QUERY.search(url)
        return _value("telegram", fold(named[1])) if named else None
    query = url.partition("?")[2]
    numbered = _NUMBER_IN_QUERY.search(query)
    number = _telephone(numbered[1]) if numbered else None
    platform = {"viber://": "viber", "whatsapp://": "whatsapp"}.get(scheme, "signal")
    return f"{platform}:{number}" if number else None
