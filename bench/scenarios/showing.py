"""Where in a report a value comes to stand: among the attributes, with its person, or only in the
narrative.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from bench.scenarios.people import Person, person_written
from bench.scenarios.spelling import (
    address_written,
    advert_written,
    email_written,
    firm_written,
    iban_written,
    phone_written,
    plate_written,
    profile_written,
)
from bench.scenarios.things import (
    Account,
    Address,
    Advert,
    Car,
    Email,
    Firm,
    Phone,
    Profile,
    Thing,
)
from bench.scenarios.towns import Town

_TOLD = {"phone": 0.18, "email": 0.12, "url": 0.15, "iban": 0.12, "plate": 0.12}
"""The share of values that stand in the narrative only."""
_UNKNOWN = 0.15


class Draft:
    """A report in the making. seen: keys of the unit's own things; met: those of confounders."""

    def __init__(self, chance: Random, town: Town) -> None:
        self.chance = chance
        self.town = town
        self.country = town.country
        self.persons: list[dict[str, Any]] = []
        self.organisations: list[dict[str, Any]] = []
        self.vehicles: list[dict[str, Any]] = []
        self.attributes: list[dict[str, Any]] = []
        self.values: list[str] = []
        self.names: list[str] = []
        self.address: Address | None = None
        self.seen: list[str] = []
        self.met: list[tuple[str, str]] = []
        self._written: dict[int, dict[str, Any]] = {}

    def see(self, thing: Thing) -> None:
        self.seen.append(thing.key)

    def meet(self, thing: Thing, label: str) -> None:
        self.met.append((label, thing.key))

    def attribute(self, kind: str, value: str, role: str) -> dict[str, Any]:
        attribute = {"kind": kind, "value": value, "role": role}
        self.attributes.append(attribute)
        return attribute

    def write(self, kind: str, value: str, role: str) -> None:
        """Among the attributes, or only told, or both."""
        draw = self.chance.random()
        told = _TOLD[kind]
        if draw < told:
            self.values.append(value)
            return
        if draw > 0.96:
            self.values.append(value)
        self.attribute(kind, value, self.role(role))

    def role(self, role: str) -> str:
        """Often nobody knows whose it is."""
        return "unknown" if self.chance.random() < _UNKNOWN else role

    def person(self, person: Person) -> dict[str, Any]:
        """The person as this report has it, once."""
        written = self._written.get(id(person))
        if written is None:
            written = person_written(self.chance, person)
            self._written[id(person)] = written
            self.persons.append(written)
        return written

    def beside(self, owner: Person | None) -> dict[str, Any] | None:
        """The owner's entry, if the report has one and the value is put there."""
        if owner is None or self.chance.random() < 0.6:
            return None
        return self._written.get(id(owner))


def show(draft: Draft, thing: Thing, role: str, *, owner: Person | None) -> None:
    """Write a thing into the report."""
    _SHOWN[type(thing)](draft, thing, role, owner)


def _phone(draft: Draft, phone: Phone, role: str, owner: Person | None) -> None:
    value = phone_written(draft.chance, phone, draft.country)
    beside = draft.beside(owner)
    if beside is not None:
        beside.setdefault("phones", []).append(value)
        return
    draft.write("phone", value, role)
    if draft.chance.random() < 0.03:
        again = phone_written(draft.chance, phone, draft.country)
        draft.attribute("phone", again, draft.role(role))


def _email(draft: Draft, email: Email, role: str, owner: Person | None) -> None:
    value = email_written(draft.chance, email.text)
    beside = draft.beside(owner)
    if beside is not None:
        beside.setdefault("emails", []).append(value)
    else:
        draft.write("email", value, role)


def _profile(draft: Draft, profile: Profile, role: str, owner: Person | None) -> None:
    beside = draft.beside(owner)
    if beside is not None:
        beside.setdefault("profiles", []).append(f"{profile.platform}:{profile.handle}")
        return
    value = profile_written(draft.chance, profile)
    attribute = draft.attribute("profile", value, draft.role(role))
    if "/" not in value or draft.chance.random() < 0.6:
        attribute["platform"] = profile.platform


def _advert(draft: Draft, advert: Advert, role: str, owner: Person | None) -> None:
    del role, owner
    draft.write("url", advert_written(draft.chance, advert), "advert")


def _account(draft: Draft, account: Account, role: str, owner: Person | None) -> None:
    del role, owner
    draft.write("iban", iban_written(draft.chance, account), "account")


def _car(draft: Draft, car: Car, role: str, owner: Person | None) -> None:
    del role, owner
    chance = draft.chance
    plate = plate_written(chance, car)
    if chance.random() < _TOLD["plate"]:
        draft.values.append(plate)
        return
    vehicle: dict[str, Any] = {"plate": plate}
    if chance.random() < 0.75:
        vehicle["country"] = car.country
    if chance.random() < 0.5:
        vehicle["description"] = car.description
    draft.vehicles.append(vehicle)


def _address(draft: Draft, address: Address, role: str, owner: Person | None) -> None:
    del owner
    here = draft.address is None and address.town is draft.town
    if here and draft.chance.random() < 0.45:
        draft.address = address
        return
    where = "place" if role in {"unknown", "suspected_perpetrator", "facilitator"} else role
    draft.attribute("address", address_written(draft.chance, address), draft.role(where))


def _firm(draft: Draft, firm: Firm, role: str, owner: Person | None) -> None:
    del role, owner
    chance = draft.chance
    written: dict[str, Any] = {"role": firm.role, "name": firm_written(chance, firm)}
    if chance.random() < 0.7:
        written["country"] = firm.country
    if chance.random() < 0.2:
        written["registration_number"] = firm.number
    if firm.address is not None and chance.random() < 0.35:
        written["address"] = address_written(chance, firm.address)
    if firm.phone is not None and chance.random() < 0.3:
        written["phones"] = [phone_written(chance, firm.phone, draft.country)]
    if firm.email is not None and chance.random() < 0.2:
        written["emails"] = [firm.email.text]
    draft.organisations.append(written)


def _person(draft: Draft, person: Person, role: str, owner: Person | None) -> None:
    del role, owner
    chance = draft.chance
    if chance.random() < 0.04:
        draft.names.append(f"{person.given[0]} {person.family[0]}")
        return
    written = draft.person(person)
    draw = chance.random()
    if draw < 0.06:
        document: dict[str, Any] = {"kind": "passport", "number": person.document}
        if draw < 0.04:
            document["country"] = person.nationality
        written["documents"] = [document]
    elif draw < 0.12:
        number = person.document if draw < 0.1 else person.document.lower()
        draft.attribute("document", number, draft.role(person.role))


_SHOWN: dict[type, Callable[[Draft, Any, str, Person | None], None]] = {
    Phone: _phone,
    Email: _email,
    Profile: _profile,
    Advert: _advert,
    Account: _account,
    Car: _car,
    Address: _address,
    Firm: _firm,
    Person: _person,
}
