"""Addresses of pages, as one form for all the ways in which one page gets copied.

Nothing is fetched. `split_url` serves profiles too.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote, unquote_to_bytes

import idna

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import clean, has_mixed_scripts

_NOT_A_PAGE: Final = "This is not the address of a web page."
_SCHEME = re.compile(r"(?:h(?:tt|xx)ps?|ftp)?:?//+", re.IGNORECASE)
_MAIL_OR_OTHER_SCHEME = re.compile(r"[^/?#]*@|[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_DEFANGED = re.compile(r"[\[({](\.|dot|:|://)[\])}]", re.IGNORECASE)
_PARTS = re.compile(r"([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_PORT = re.compile(r"(.*?)(?::(\d*))?", re.DOTALL)
_HOST = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:xn--[a-z0-9-]+|[a-z]{2,63})"
)
_EDGES = "\"'<>«»„“”‘’ \t"
_TRAILING = ".,;:!?…"
_VARIANT_HOST = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
_DEFAULT_PORTS = frozenset({"", "80", "443"})
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~@:+,=!$&'()*.-]*[A-Za-z0-9_~@-])*")
_KEPT_IN_PATH = "/~@:+,=!$&'()*;"
_KEPT_IN_QUERY = "~@:,!$'()*;/?"
_KEPT_IN_ROUTE = "~@:+,=!$&'()*;/?"
_TRACKING = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid"),
        *("twclid", "ttclid", "igsh", "igshid", "mibextid", "ref_src", "ref_url", "_ga", "_gl"),
        *("_hsenc", "_hsmi", "mkt_tok", "openstat", "_openstat", "wt_mc"),
        *("phpsessid", "jsessionid", "sessionid"),
    }
)
"""Only names that nobody gives to what identifies a page; "ref" or "source" may do that."""
_TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "hsa_")
_ROUTES = ("/", "!")
"""How a fragment begins that a page's own program reads as its path."""
_HOME = re.compile(
    r"/(?:(?:index|home|default|main)(?:\.[a-z]{3,5})?"
    r"|en|sk|cs|cz|bg|es|ca|el|gr|pl|it|de|fr|ro|hu|uk|ua|ru|vi|vn|ar|tr|nl|pt)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UrlParts:
    """The parts of an address: host in ASCII lower case without "www.", port without defaults
    ("" or ":8080"), path and query as sent, fragment without "#".
    """

    host: str
    port: str
    path: str
    query: str
    fragment: str


def normalise_url(raw: str, context: Context) -> Outcome:
    """Return host, path and query of the page (RFC 3986, 6.2), without scheme.

    Folded: case and IDNA form of the host (UTS 46), "www." and "m.", a default port, user name,
    fragment, percent-encoding, dot segments, a trailing slash, the order of parameters, and
    parameters that only say where a visitor came from. The path keeps its case: servers do. A
    fragment that begins "#/" or "#!" is kept: sites that run in the browser name pages by it.

    A site without a page in it is kept as "site_only" and never links: thousands of adverts
    stand on one portal.
    """
    if is_placeholder(raw):
        return NOT_KNOWN
    parts = split_url(raw)
    if parts is None:
        return Outcome(problem=_NOT_A_PAGE)
    path, query = _canonical_path(parts.path), _canonical_query(parts.query)
    route = _route(parts.fragment)
    value = f"{parts.host}{parts.port}{path}{'?' if query else ''}{query}{route}"
    if (settled := _trimmed(value)) != value:
        # A percent-encoded full stop or colon stood at the end, where a sentence has its own.
        return normalise_url(settled, context)
    if not query and not route and (not path or _HOME.fullmatch(path)):
        return Outcome((Normalised(value, is_service=True, note="site_only"),))
    return Outcome((Normalised(value, note="mixed_script" if _imitates(parts.host) else None),))


def split_url(raw: str) -> UrlParts | None:
    """Take a web address apart, with or without a scheme, or return None where it is none."""
    text = clean(raw)
    text = _without_scheme(_DEFANGED.sub(_armed, text) if "[" in text or "(" in text else text)
    matched = _PARTS.fullmatch(text) if text and " " not in text else None
    if matched is None:
        return None
    authority, path, query, fragment = matched.groups("")
    named = _PORT.fullmatch(authority.rpartition("@")[2])
    host = _canonical_host(named[1]) if named else None
    if named is None or host is None:
        return None
    port = (named[2] or "").lstrip("0")
    return UrlParts(host, "" if port in _DEFAULT_PORTS else f":{port}", path, query, fragment)


def _armed(defanged: re.Match[str]) -> str:
    return defanged[1] if defanged[1] in {":", "://"} else "."


def _without_scheme(text: str) -> str:
    """Return what follows "https://"; "" for mail addresses, other schemes and nothing."""
    text = _trimmed(text.lstrip(_EDGES))
    scheme = _SCHEME.match(text)
    if scheme:
        return text[scheme.end() :]
    return "" if _MAIL_OR_OTHER_SCHEME.match(text) else text


def _trimmed(text: str) -> str:
    """Without the punctuation of the sentence that it ends."""
    return text.rstrip(_EDGES + (_TRAILING if "(" in text else _TRAILING + ")"))


def _canonical_host(host: str) -> str | None:
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1])}]"
        except AddressValueError:
            return None
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError:
            return None
    while variant := _VARIANT_HOST.match(host):
        host = host[variant.end() :]
    if _HOST.fullmatch(host):
        return host
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        return None


def _imitates(host: str) -> bool:
    if "xn--" not in host:
        return False
    try:
        return any(has_mixed_scripts(idna.decode(label)) for label in host.split("."))
    except UnicodeError:
        return False


def _canonical_path(path: str) -> str:
    path = path.rstrip("/")
    if _PLAIN_PATH.fullmatch(path):
        return path
    segments: list[str] = []
    for segment in _SESSION.sub("", path).split("/")[1:]:
        decoded = _recode(segment, kept=_KEPT_IN_PATH[1:])
        if decoded == "..":
            del segments[-1:]
        elif decoded != ".":
            segments.append(decoded)
    return "".join(f"/{segment}" for segment in segments).rstrip("/")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = []
    for parameter in query.split("&"):
        name, equals, value = parameter.replace("+", " ").partition("=")
        name = _recode(name, kept=_KEPT_IN_QUERY)
        if name and not _is_tracking(name.lower()):
            pairs.append((name, equals, _recode(value, kept=_KEPT_IN_QUERY + "=")))
    return "&".join("".join(pair) for pair in sorted(pairs))


def _route(fragment: str) -> str:
    route = fragment.rstrip("/")
    if not route.startswith(_ROUTES) or route == "!":
        return ""
    return f"#{_recode(route, kept=_KEPT_IN_ROUTE)}"


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _recode(text: str, *, kept: str) -> str:
    """Return the text with each character in the one percent-encoding it may have here."""
    return quote(unquote_to_bytes(text.encode("utf-8", "replace")), safe=kept)
