"""E-mail addresses with the domain in ASCII lower case and the local part caseless."""

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import clean, fold, has_mixed_scripts

_NOT_AN_ADDRESS: Final = "This is not an e-mail address."
_ONE_OF_SEVERAL: Final = "One of several in this field is not an e-mail address; it was not taken."
_AT = re.compile(r"\s*[\[({]\s*(?:at|@)\s*[\])}]\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|\.)\s*[\])}]\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,|<>\s]+")
_LISTING = re.compile(r"[;,|]")
_SIMPLE = re.compile(
    r"(?=.{1,64}@)(?=.{1,254}\Z)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
"""The plain ASCII part of the grammar, where the library has nothing to add but time."""

_EDGES = "\"'()[]<>{}.,;:!?…„“”«»"
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_SPECIAL_USE = frozenset({"test", "invalid", "local", "localhost", "onion", "arpa"})
_NOBODY = frozenset(
    {"noemail", "nomail", "none", "noone", "nobody", "unknown", "sinemail", "sincorreo", "sansmail"}
    | {"bezemailu", "nemamail", "brakmaila", "keinemail", "nincsemail", "asd", "asdf", "qwerty"}
)
_SHARED_BY_MANY = frozenset(
    {"noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster"}
    | {"abuse", "hostmaster", "webmaster", "root", "daemon", "bounce", "bounces", "nobody"}
)
_ROLE = frozenset(
    {"info", "office", "contact", "admin", "kontakt", "mail", "sales", "jobs", "hr", "reception"}
)


def normalise_email(raw: str, context: Context) -> Outcome:
    """Return each address of the field: RFC 5321 and RFC 6531 syntax, domain as A-labels
    (RFC 5891) in lower case, local part in NFKC and folded case.

    RFC 5321, 2.4 lets a host tell "Ivan" from "ivan", but no host of weight does, while
    reporters write both. Google ignores dots and what follows a plus, and has two domains for one
    mailbox; elsewhere both tell mailboxes apart and stay. Whether the domain exists is not asked.

    A name that mixes look-alike scripts keeps its letters ("mixed_script"): it is another address
    than the one it imitates. Mailboxes that nobody reads or that exist on every host (RFC 2142)
    never link ("role_mailbox"); "info@" of a firm is noted so, and does.

    Of several addresses the good ones are taken, and `problem` says that one was not.
    """
    del context
    text = clean(raw)
    if "@" not in text or "[" in text or "(" in text or "{" in text:
        text = _DOT.sub(".", _AT.sub("@", text))
        if "@" not in text:
            return NOT_KNOWN if is_placeholder(text) else Outcome(problem=_NOT_AN_ADDRESS)
    found: dict[str, Normalised] = {}
    outcome = Outcome(problem=_NOT_AN_ADDRESS)
    complete = True
    for word in _BETWEEN.split(text) if _BETWEEN.search(text) else (text,):
        if "@" in word:
            outcome = _one(word)
            complete = complete and outcome.problem is None
            found.update({address.value: address for address in outcome.values})
    if not found:
        return outcome
    complete = complete and not any(map(_lacks_its_at, _LISTING.split(text)))
    return Outcome(tuple(found.values()), None if complete else _ONE_OF_SEVERAL)


def _lacks_its_at(item: str) -> bool:
    """Whether an item of a list is like an address without its "@" ("jana.mail.example"), which a
    name before an address ("Novak, J.") is not.
    """
    name, _, ending = item.strip(" " + _EDGES).rpartition(".")
    return bool(name) and len(ending) > 1 and not any(mark in item.strip() for mark in "@ ")


def _one(word: str) -> Outcome:
    address = word.strip(_EDGES)
    if address[:7].lower() == "mailto:":
        address = address[7:].partition("?")[0]
    local, _, domain = address.rpartition("@")
    local = fold(local)
    if local in _NOBODY or is_placeholder(local):
        return NOT_KNOWN
    parts = _valid_parts(local, domain.lower())
    if parts is None:
        return Outcome(problem=_NOT_AN_ADDRESS)
    local, domain, shown_domain = parts
    if domain in _GMAIL:
        local, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
    if is_placeholder(local) or local in _NOBODY:
        return NOT_KNOWN
    mixed = has_mixed_scripts(local) or any(map(has_mixed_scripts, shown_domain.split(".")))
    is_service = local in _SHARED_BY_MANY
    note = "mixed_script" if mixed else "role_mailbox" if is_service or local in _ROLE else None
    return Outcome((Normalised(f"{local}@{domain}", is_service=is_service, note=note),))


def _valid_parts(local: str, domain: str) -> tuple[str, str, str] | None:
    """Return local part, domain in ASCII and domain in Unicode, or None where not valid.

    The library refuses names reserved for special use (RFC 6761), on which examples, tests and
    hidden services have their addresses: they are checked with a harmless ending.
    """
    if _SIMPLE.fullmatch(f"{local}@{domain}"):
        return local, domain, domain
    if "." not in domain:
        return None
    ending = ".example" if domain.rpartition(".")[2] in _SPECIAL_USE else ""
    try:
        valid = validate_email(f"{local}@{domain}{ending}", check_deliverability=False)
    except EmailNotValidError:
        return None
    ascii_domain = valid.ascii_domain.removesuffix(ending).lower()
    return fold(valid.local_part), ascii_domain, valid.domain.removesuffix(ending)
