"""Hidden operations, benign cases and reports alone: what each has, and when.

What of it a report shows, and how it is written, is in `fragments`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from bench.scenarios.confounders import Confounders
from bench.scenarios.countries import ORIGIN_WEIGHTS, ORIGINS, REPORTING
from bench.scenarios.making import (
    new_account,
    new_address,
    new_advert,
    new_car,
    new_email,
    new_firm,
    new_phone,
    new_profile,
)
from bench.scenarios.people import Person, new_person
from bench.scenarios.reporters import Reporters
from bench.scenarios.things import Phone, Thing
from bench.scenarios.towns import TOWNS
from bench.scenarios.units import Item, Unit

EPOCH = date(2021, 6, 1)
"""Day 0. Units begin before it; the longest goes on for 1,420 days more, so that no report is of
a day that is still to come: such are refused.
"""
LARGEST = 150
_FORMS = ("labour_exploitation", "sexual_exploitation", "domestic_servitude", "forced_begging",
          "forced_criminality", "forced_marriage", "exploitative_surrogacy")  # fmt: skip
_FORM_WEIGHTS = (46, 33, 6, 6, 7, 1, 1)
_TAIL = 1.15
"""Exponent of the sizes of operations (Pareto): the smaller, the heavier the tail."""
_HUGE = 100
_IDLE = 400.0
"""Days until a number that was given up is given to somebody else."""
_REMEMBERED = 10_000
_CUM_COUNTRIES = tuple(accumulate(country.weight for country in REPORTING))
_OWNED: dict[str, Callable[[Random, Person | None], Thing]] = {
    "email": new_email,
    "profile": new_profile,
}
_OF_COUNTRY: dict[str, Callable[[Random, str], Thing]] = {
    "account": new_account,
    "car": new_car,
    "firm": new_firm,
}
_CODES = tuple(country.code for country in REPORTING)
_CUM_ORIGINS = tuple(accumulate(ORIGIN_WEIGHTS))


class World:
    """Everything that several units may come across; memory that does not grow."""

    def __init__(self, chance: Random, reports: int, *, days: float) -> None:
        scale = max(1.0, (reports / 2000) ** 0.5)
        self.chance = chance
        self.reporters = Reporters(chance, larger=reports > 50_000)
        self.confounders = Confounders(chance, scale)
        self.largest = min(LARGEST, 20 + reports // 50)
        # as many as are given up in _IDLE days and more must fit into what is remembered
        self._kept = min(0.5, _REMEMBERED / (reports / days * _IDLE))
        self._given_up: deque[tuple[float, Phone]] = deque(maxlen=_REMEMBERED)
        self._victims: deque[tuple[float, Person]] = deque(maxlen=_REMEMBERED)
        self._recent: deque[Person] = deque(maxlen=300)

    def operation_size(self) -> int:
        """2 and more; above 100 only a few."""
        while True:
            size = int(2 / (1 - self.chance.random()) ** (1 / _TAIL))
            if size <= self.largest and (size <= _HUGE or self.chance.random() < 0.4):
                return size

    def operation(self, size: int, start: float) -> Unit:
        """Many sizes, over months and years, often in several towns and countries."""
        pick = self.chance.random
        days = min(1000.0, (40 + 14 * size) * (0.4 + 1.4 * pick()))
        unit = self._unit("op", size, start, start + days)
        self._furnish(unit)
        return unit

    def case(self, size: int, start: float) -> Unit:
        """Seen by several organisations within weeks, and no more than a dispute or a worry."""
        unit = self._unit("case", size, start, start + 20 + 100 * self.chance.random())
        self._furnish(unit)
        return unit

    def alone(self, start: float) -> Unit:
        """One report that belongs with no other, sometimes on a namesake of somebody else."""
        start += self.chance.expovariate(1 / 20)
        unit = self._unit("", 1, start, start + 1)
        self._furnish(unit)
        if self._recent and self.chance.random() < 0.08:
            unit.items.append(_always(_namesake(self.chance, self.chance.choice(self._recent))))
        return unit

    def _unit(self, kind: str, size: int, start: float, end: float) -> Unit:
        chance = self.chance
        form = chance.choices(_FORMS, _FORM_WEIGHTS)[0]
        country = chance.choices(_CODES, cum_weights=_CUM_COUNTRIES)[0]
        nationality = chance.choices(ORIGINS, cum_weights=_CUM_ORIGINS)[0]
        towns = [chance.choice(TOWNS[country])] * 3
        if kind == "op":
            while chance.random() < 0.4 and len(towns) < 7:
                if chance.random() < 0.3:
                    country = chance.choices(_CODES, cum_weights=_CUM_COUNTRIES)[0]
                towns.append(chance.choice(TOWNS[country]))
            if nationality in TOWNS and chance.random() < 0.4:
                towns.append(chance.choice(TOWNS[nationality]))
        noise = self.confounders.tied(chance, towns[0], nationality, form)
        lead = f"{kind}-{chance.getrandbits(40):010x}" if kind else None
        return Unit(lead, size, form, nationality, start, end, towns, [], noise, [])

    def _furnish(self, unit: Unit) -> None:
        """The larger, the more people, numbers and places; numbers are given up on the way."""
        size, form = unit.size, unit.form
        suspects = self._people(unit, "suspect", self._count(0.6 + size / 18, 8))
        victims = self._people(unit, "victim", self._count(0.8 + size * 0.3, 30))
        self._phones(unit, suspects, victims)
        online = 2.0 if form == "sexual_exploitation" else 0.6
        for kind, mean, most in (
            ("email", 0.15 + size / 35, 5),
            ("profile", 0.2 * online + size / 25, 6),
            ("advert", 0.2 * online + online * size / 16, 12),
            ("account", 0.2 + size / 25, 6),
            ("car", 0.5 + size / 22, 6),
            ("address", 0.5 + size / 11, 12),
            ("firm", (0.75 + size / 45) if form == "labour_exploitation" else 0.1, 4),
        ):
            for rank in range(self._count(mean, most)):
                owner = self.chance.choice(suspects) if suspects else None
                self._add(unit, kind, rank, self._thing(unit, kind, owner), owner)

    def _count(self, mean: float, most: int) -> int:
        whole = int(mean * (0.7 + 0.6 * self.chance.random()) + self.chance.random())
        return min(most, whole)

    def _people(self, unit: Unit, kind: str, number: int) -> list[Person]:
        chance, people = self.chance, []
        year = (EPOCH + timedelta(days=unit.start)).year
        for rank in range(number):
            person = self._again(unit) if kind == "victim" and unit.size > 1 else None
            if person is None:
                home = unit.nationality if chance.random() < 0.85 else unit.towns[0].country
                sex = "female" if unit.form == "sexual_exploitation" and kind == "victim" else None
                role = "suspected_victim" if kind == "victim" else "suspected_perpetrator"
                if kind == "suspect" and chance.random() < (0.4 if rank else 0.12):
                    role = "facilitator"
                person = new_person(chance, home, role, sex=sex, year=year)
            people.append(person)
            self._add(unit, kind, rank, person, person)
            if chance.random() < 0.1:
                self._recent.append(person)
            if kind == "victim" and chance.random() < self._kept:
                self._victims.append((unit.end, person))
        return people

    def _again(self, unit: Unit) -> Person | None:
        """Somebody who got away from another operation and fell into this one."""
        if self.chance.random() < 0.03 and self._victims:
            end, person = self._victims[0]
            if end + 60 < unit.start:
                self._victims.popleft()
                return person
        return None

    def _phones(self, unit: Unit, suspects: list[Person], victims: list[Person]) -> None:
        chance = self.chance
        number = self._count(1.0 + unit.size / 9, 16)
        step = (unit.end - unit.start) / max(number - 1, 1)
        for rank in range(number):
            owners, role = (suspects, "suspected_perpetrator")
            if chance.random() < 0.15:
                owners, role = victims, "suspected_victim"
            owner = chance.choice(owners) if owners else None
            first = unit.start + step * (rank - 1)
            last = first + step * 2 if unit.size > 1 else unit.end
            phone = self._phone(unit)
            unit.items.append(Item(phone, "phone", role, max(first, unit.start), last, 1.0, owner))
            if chance.random() < self._kept:
                self._given_up.append((last, phone))

    def _phone(self, unit: Unit) -> Phone:
        chance = self.chance
        if self._given_up and chance.random() < 0.06:
            until, phone = self._given_up[0]
            if until + _IDLE < unit.start:
                self._given_up.popleft()
                return phone
        home = chance.random() < 0.2
        return new_phone(chance, unit.nationality if home else chance.choice(unit.towns).country)

    def _thing(self, unit: Unit, kind: str, owner: Person | None) -> Thing:
        chance, town = self.chance, self.chance.choice(unit.towns)
        abroad = kind == "car" and chance.random() < 0.4
        country = unit.nationality if abroad else town.country
        if kind in _OWNED:
            return _OWNED[kind](chance, owner)
        if kind in _OF_COUNTRY:
            return _OF_COUNTRY[kind](chance, country)
        return new_address(chance, town) if kind == "address" else new_advert(chance)

    def _add(self, unit: Unit, kind: str, rank: int, thing: Thing, owner: Person | None) -> None:
        """The first of a kind serves all the time, the others for a part of it."""
        first, last = unit.start, unit.end
        if rank:
            length = (last - first) * (0.25 + 0.5 * self.chance.random())
            first += (last - first - length) * self.chance.random()
            last = first + length
        role = owner.role if owner is not None else "unknown"
        weight = 1 / (1 + rank) ** 0.3
        unit.items.append(Item(thing, kind, role, first, last, weight, owner))


def _always(person: Person) -> Item:
    return Item(person, "victim", person.role, float("-inf"), float("inf"), 1.0, person)


def _namesake(chance: Random, person: Person) -> Person:
    """Another person of the same name, with papers of their own; often born in the same year."""
    years = 0 if chance.random() < 0.4 else chance.randrange(-8, 9)
    day = date(person.birth.year + years, 1 + chance.randrange(12), 1 + chance.randrange(28))
    number = f"{person.document[:2]}{chance.randrange(10**7):07}"
    return replace(person, birth=day, document=number, role="suspected_victim")
