"""How the circumstances of two observations agree: place, time, form of exploitation.

They speak for or against whatever else two reports share, and never bring two reports together.
"""

from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from rapidfuzz.distance import OSA

from app.domain.linkage.model import LinkageModel, PlaceModel
from app.domain.linkage.parts import Part
from app.domain.linkage.traits import Traits

_EARTH_KM = 6371.0
_REGION, _DISTRICT = 4, 5
_NEAR_SPELLING = 2


class Circumstances(NamedTuple):
    """How place, time and form of two observations agree. Every pair that is compared has them,
    few pairs are kept, so the parts are made when they are wanted.

    place, form: how they agree, None where one of the two does not say. days: between them.
    """

    place: tuple[str, float] | None
    days: int
    time: float
    form: tuple[str, float] | None

    @property
    def bits(self) -> float:
        """What they weigh together."""
        place = self.place[1] if self.place else 0.0
        return place + self.time + (self.form[1] if self.form else 0.0)

    def parts(self) -> Iterator[Part]:
        """The pieces of evidence that they are."""
        if self.place:
            yield Part("place", *self.place, "", weak=True)
        yield Part("time", f"{self.days} days apart", self.time, "", weak=True)
        if self.form:
            yield Part("form", *self.form, "", weak=True)


def compare_circumstances(a: Traits, b: Traits, model: LinkageModel) -> Circumstances:
    """Place, time and form of two reports, each where both say something."""
    days = max(0, max(a.first, b.first) - min(a.last, b.last))
    form = None
    if a.forms and b.forms:
        same = not a.forms.isdisjoint(b.forms)
        form = ("same form", model.form.same) if same else ("other form", model.form.other)
    return Circumstances(_place(a, b, model.place), days, model.time.weight(days), form)


def _place(a: Traits, b: Traits, weights: PlaceModel) -> tuple[str, float] | None:
    if a.country and b.country and a.country != b.country:
        return "other country", weights.other_country
    near = _by_distance(a, b, weights)
    if near is None:
        near = _by_name(a, b)
    if near is None and a.nuts and b.nuts:
        if a.nuts == b.nuts and len(a.nuts) == _DISTRICT and not (a.town and b.town):
            return "same region", weights.same_region
        near = _by_region(a.nuts, b.nuts)
    if near is None:
        near = _by_narrative(a, b)
    if near is None:
        return None
    if near:
        return "same town", weights.same_town
    return "other town", weights.other_town


def _by_distance(a: Traits, b: Traits, weights: PlaceModel) -> bool | None:
    """Near, far, or (None) not known. Between the two limits it could be either."""
    if a.point is None or b.point is None:
        return None
    apart = kilometres(a.point, b.point)
    if apart <= weights.near_km:
        return True
    return False if apart > weights.far_km else None


def _by_name(a: Traits, b: Traits) -> bool | None:
    if not a.town or not b.town:
        return None
    if a.town == b.town:
        return True
    # Spellings differ by a letter or two; so do some towns: neither for nor against.
    spelt_alike = OSA.distance(a.town, b.town, score_cutoff=_NEAR_SPELLING) <= _NEAR_SPELLING
    return None if spelt_alike else False


def _by_region(one: str, other: str) -> bool | None:
    """Two codes of NUTS level 2 or finer that differ in that level are two places."""
    if min(len(one), len(other)) < _REGION:
        return None
    return False if one[:_REGION] != other[:_REGION] else None


def _by_narrative(a: Traits, b: Traits) -> bool | None:
    """Whether the town of one is named in the text of the other, which gives no town."""
    named = (a.town and a.town in b.named) or (b.town and b.town in a.named)
    return True if named else None


def kilometres(p: tuple[float, float], q: tuple[float, float]) -> float:
    """The great-circle distance of two points in degrees (haversine, Sinnott 1984)."""
    lat_p, lon_p, lat_q, lon_q = map(radians, (*p, *q))
    half = sin((lat_q - lat_p) / 2) ** 2 + cos(lat_p) * cos(lat_q) * sin((lon_q - lon_p) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))
