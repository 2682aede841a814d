"""Traits of invented reports for the linkage core, and the delivered model."""

from datetime import date

from app.domain.linkage.blocking import keys_of, marks_of
from app.domain.linkage.scoring import SharedValue, compare
from app.domain.linkage.traits import AddressTraits, PersonTraits, Traits
from app.storage.catalogues import load_model

MODEL = load_model()
DAY = date(2026, 3, 2).toordinal()


def person(*names, birth=(), sex=None, nationality=None):
    """A person by one or more names, each of words in any order."""
    words = tuple(tuple(sorted(name.split())) for name in names)
    return PersonTraits(words, birth, sex, nationality)


def address(building, town=""):
    return AddressTraits(building, town)


def traits(*persons, firms=(), day=DAY, last=None, **others):
    """The traits of one report; firms as texts of folded words."""
    given = {"country": None, "nuts": None, "town": "", "point": None, "addresses": ()} | others
    return Traits(
        persons=persons,
        firms=tuple(tuple(firm.split()) for firm in firms),
        addresses=tuple(given.pop("addresses")),
        first=day,
        last=day if last is None else last,
        forms=frozenset(given.pop("forms", ())),
        named=frozenset(given.pop("named", ())),
        **given,
    )


def shared_keys(a, b, spread=1):
    """The block keys of both, each seen in so many circumstances."""
    return dict.fromkeys(keys_of(marks_of(a)) & keys_of(marks_of(b)), spread)


def evidence(a, b, *values, spread=1):
    """What the delivered model makes of two reports."""
    return compare((a, b), values, shared_keys(a, b, spread), MODEL)


def value(kind, index=b"v", spread=1, *, of_firm=False):
    return SharedValue(index, kind, spread, of_firm)


def links(found):
    """Whether two reports with this evidence are put together by it alone."""
    return found.strong and found.weight >= MODEL.thresholds.link
