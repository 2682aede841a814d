"""What a caller prefers, by language and by media type (RFC 9110, section 12)."""

import re
from collections.abc import Collection, Iterator, Sequence

from app.domain.errors import MalformedInputError

_WEIGHT = re.compile(r"[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_TAG = re.compile(r"\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_LONGEST = 1000
"""Characters of a header that are looked at; browsers send well below a hundred."""


def language_for(
    asked: str | None, header: str | None, *, offered: Collection[str], default: str
) -> str:
    """The language to answer in: the one asked for by name, else by `Accept-Language`.

    A range finds the language that is left when its subtags are taken off from the end (RFC 4647,
    section 3.4): "sk-SK" finds "sk". Where the header names none of those offered the default is
    given: a text in another language is of more use than none. Raises MalformedInputError, naming
    the languages there are, if the one asked for by name is not offered.
    """
    if asked is not None:
        found = _lookup(asked, offered)
        if found is None:
            raise MalformedInputError(f"lang is one of {', '.join(offered)}")
        return found
    refused = set()
    ranges = sorted(_weighted(header), key=lambda each: each[1], reverse=True)
    for tag, weight in ranges:
        found = _lookup(tag, offered)
        if found is not None and weight == 0:
            refused.add(found)
    for tag, weight in ranges:
        found = _lookup(tag, offered)
        if found is not None and weight > 0 and found not in refused:
            return found
    return default


def media_type_for(header: str | None, offered: Sequence[str]) -> str:
    """The media type, of those offered, that `Accept` prefers: the first of them where several are
    as good, and also where none is acceptable (RFC 9110, section 12.4.1).
    """
    weights = {kind.lower(): weight for kind, weight in _weighted(header)}

    def quality(kind: str) -> float:
        for each in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
            if each in weights:
                return weights[each]
        return 0.0

    return max(offered, key=quality)


def _lookup(tag: str, offered: Collection[str]) -> str | None:
    parts = tag.lower().split("-") if _TAG.fullmatch(tag) else []
    while parts:
        if "-".join(parts) in offered:
            return "-".join(parts)
        parts.pop()
    return None


def _weighted(header: str | None) -> Iterator[tuple[str, float]]:
    """The members of such a header with their weights; one that is malformed is left out."""
    for member in (header or "")[:_LONGEST].split(","):
        name, *parameters = (part.strip() for part in member.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter[:2].lower() == "q=":
                found = _WEIGHT.fullmatch(parameter)
                weight = float(found[1]) if found else -1.0
        if name and weight >= 0:
            yield name, weight
