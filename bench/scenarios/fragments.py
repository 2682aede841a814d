"""One report: the few values of its unit that one organisation comes to see, and what surrounds
them: values of helpers and hubs, placeholders, a place, a narrative.
"""

from bisect import bisect
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Any

from bench.scenarios.confounders import ROLES, Confounder
from bench.scenarios.countries import COUNTRIES
from bench.scenarios.making import new_phone
from bench.scenarios.narratives import narrative
from bench.scenarios.operations import EPOCH, World
from bench.scenarios.people import new_person, person_written
from bench.scenarios.reporters import KINDS, SEES, Reporter
from bench.scenarios.showing import Draft, show
from bench.scenarios.spelling import PLACEHOLDERS, phone_written, street_written, town_written
from bench.scenarios.things import Address, CaseRef
from bench.scenarios.towns import Town
from bench.scenarios.units import Item, Unit

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_HOW_MANY = (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4)
_NOTHING = 0.03
_GENERAL = (
    "AC-01", "AC-02", "AC-03", "AC-04", "DR-01", "DR-05", "CR-04", "CR-05", "RV-01", "RV-02",
    "RV-05", "RV-08", "CD-01", "CD-02", "CD-03", "CD-04", "CD-05", "CD-08", "CD-09", "CD-10",
    "CD-12", "CD-15", "CD-16", "VD-01", "VD-02", "VD-03", "VD-04", "OB-01", "OB-02", "OB-03",
    "OB-04", "OB-05", "OB-08",
)  # fmt: skip
_OF_FORM = {
    "labour_exploitation": ("EX-01", "EX-02", "EX-03", "EX-04", "EX-05", "EX-06", "EX-07", "CD-13",
                            "DR-03", "DR-04"),
    "sexual_exploitation": ("EX-09", "EX-02", "OB-07", "CD-07", "DR-02"),
    "domestic_servitude": ("EX-14", "EX-01", "EX-02", "CD-13"),
    "forced_begging": ("EX-11", "EX-04"),
    "forced_criminality": ("EX-12", "EX-13"),
    "forced_marriage": ("EX-17",),
    "exploitative_surrogacy": ("EX-16",),
}  # fmt: skip
_SHARED_WITH: tuple[list[str], ...] = ([], [], [], ["DE", "AT"], ["BG", "RO"])


def report_of(world: World, unit: Unit, day: float) -> tuple[Reporter, dict[str, Any], Draft]:
    """The organisation, the report as the contract has it (section 5), and what it shows."""
    chance = world.chance
    town = chance.choice(unit.towns)
    reporter = world.reporters.draw(chance, town.country, unit.form)
    draft = Draft(chance, town)
    when = EPOCH + timedelta(days=day)
    for item in _chosen(chance, unit, reporter.kind, day):
        draft.see(item.thing)
        show(draft, item.thing, item.role, owner=item.owner)
    for found in _noise(world, unit, town.country):
        draft.meet(found.thing, found.label)
        show(draft, found.thing, chance.choice(ROLES[found.label]), owner=None)
    if chance.random() < 0.05:
        _placeholder(chance, draft)
    if chance.random() < 0.02:
        _witness(chance, draft, when.year)
    _office(chance, reporter, draft)
    reporter.sent += 1
    reference = f"{reporter.kind[:3].upper()}-{reporter.country}-{when.year}/{reporter.sent:06}"
    _case_ref(chance, unit, draft, reporter=reporter, reference=reference)
    return reporter, _report(chance, unit, town, draft, (reference, day)), draft


def _chosen(chance: Random, unit: Unit, sector: str, day: float) -> list[Item]:
    """One to four values in use at that time, as that sector comes to see them."""
    if unit.size > 1 and chance.random() < _NOTHING:
        return []
    sees = SEES[sector]
    usable = [item for item in unit.items if item.first <= day <= item.last] or unit.items
    weights = [item.weight * sees[_RANK[item.kind]] for item in usable]
    cumulative = list(accumulate(weights))
    if not cumulative or not cumulative[-1]:
        return usable[:1]
    wanted, drawn = chance.choice(_HOW_MANY), dict[int, Item]()
    for _ in range(wanted + 2):
        at = min(bisect(cumulative, chance.random() * cumulative[-1]), len(usable) - 1)
        drawn[at] = usable[at]
        if len(drawn) == wanted:
            break
    return list(drawn.values())


def _noise(world: World, unit: Unit, country: str) -> list[Confounder]:
    share = 0.4 if unit.size == 1 else 0.3
    found = [each for each in unit.noise if world.chance.random() < share]
    return found + world.confounders.passing(world.chance, country)


def _placeholder(chance: Random, draft: Draft) -> None:
    """What is written where nothing is known."""
    if chance.random() < 0.3:
        draft.persons.append({"role": "unknown", "given_name": "UNKNOWN", "family_name": "UNKNOWN",
                              "birth_date": "1900-01-01"})  # fmt: skip
        return
    kind, texts = chance.choice(PLACEHOLDERS)
    draft.attribute(kind, chance.choice(texts), "unknown")


def _witness(chance: Random, draft: Draft, year: int) -> None:
    """Somebody who saw it, with a number of no concern."""
    person = new_person(chance, draft.country, "witness", year=year)
    written = person_written(chance, person, role="witness")
    if chance.random() < 0.7:
        phone = new_phone(chance, draft.country)
        written["phones"] = [phone_written(chance, phone, draft.country)]
    draft.persons.append(written)


def _office(chance: Random, reporter: Reporter, draft: Draft) -> None:
    """The reporter's own number, put among the values of the case."""
    if chance.random() < 0.04:
        thing = reporter.phone if chance.random() < 0.6 else reporter.email
        draft.meet(thing, "office")
        show(draft, thing, chance.choice(ROLES["office"]), owner=None)


def _case_ref(
    chance: Random, unit: Unit, draft: Draft, *, reporter: Reporter, reference: str
) -> None:
    """A file number: mostly its own, sometimes the one that another organisation gave."""
    if unit.case_refs and chance.random() < 0.07:
        quoted = chance.choice(unit.case_refs)
        draft.see(CaseRef(quoted))
        draft.attribute("case_ref", quoted, "unknown")
    elif chance.random() < 0.08:
        own = f"{reporter.ref.upper()}/{reference[-11:]}"
        draft.see(CaseRef(own))
        draft.attribute("case_ref", own, "unknown")
        if unit.size > 1:
            unit.case_refs.append(own)


def _report(chance: Random, unit: Unit, town: Town, draft: Draft,
            written: tuple[str, float]) -> dict[str, Any]:  # fmt: skip
    reference, day = written
    pick = chance.random
    language = COUNTRIES[town.country].language if pick() < 0.8 else "en"
    known = pick() < 0.85
    report: dict[str, Any] = {
        "external_ref": reference,
        "observed_from": _moment(chance, day),
        "language": language,
        "forms": [unit.form] if known else ["unknown"],
        "indicators": _signs(chance, unit.form),
        "narrative": narrative(chance, language, town_written(chance, town.names),
                               values=draft.values, names=draft.names),
        "place": _place(chance, town, draft.address),
        "persons": draft.persons,
        "organisations": draft.organisations,
        "vehicles": draft.vehicles,
        "attributes": draft.attributes,
        "source": {"reliability": chance.choice("ABBCX"), "credibility": 1 + int(pick() * 4),
                   "channel": "direct" if pick() < 0.7 else "third_party"},
        "handling": {"code": "H0" if pick() < 0.7 else "H1",
                     "tlp": "GREEN" if pick() < 0.6 else "AMBER",
                     "share_with": chance.choice(_SHARED_WITH)},
        "consent": {"basis": "public_task" if pick() < 0.7 else "vital_interest",
                    "scopes": ["linking", "police", "statistics"]},
    }  # fmt: skip
    if pick() < 0.06:
        report["observed_to"] = (EPOCH + timedelta(days=day + 1 + int(pick() * 9))).isoformat()
    if pick() < 0.15 and unit.nationality != town.country:
        report["route"] = [unit.nationality, town.country]
    if pick() < 0.05:
        report["safety"] = {"do_not_contact": pick() < 0.5, "at_risk": True}
    return report


def _moment(chance: Random, day: float) -> str:
    when = (EPOCH + timedelta(days=day)).isoformat()
    if chance.random() < 0.55:
        return when
    seconds = int(day % 1 * 86400)
    return f"{when}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


def _signs(chance: Random, form: str) -> list[Any]:
    """None to five codes, in both forms that the contract allows."""
    number = int(chance.random() * 5)
    codes = list(chance.sample(_GENERAL, number))
    if chance.random() < 0.6:
        codes.append(chance.choice(_OF_FORM[form]))
    if codes and chance.random() < 0.05:
        return [{"code": code, "note": "told by the person"} for code in codes]
    return list(codes)


def _place(chance: Random, town: Town, address: Address | None) -> dict[str, Any]:
    """Country, region in its depths, town, street and coordinates: each given or missing."""
    pick = chance.random
    place: dict[str, Any] = {}
    if pick() < 0.95:
        place["country"] = town.country
    if town.nuts and pick() < 0.7:
        depth = pick()
        place["nuts"] = town.nuts[: 5 if depth < 0.6 else 4 if depth < 0.8 else 3]
    if pick() < 0.85:
        place["locality"] = town_written(chance, town.names)
    if address is not None:
        place["address"] = street_written(chance, address)
        if pick() < 0.5:
            place["address"] += f", {address.postcode}"
    if address is not None and pick() < 0.4:
        place["lat"], place["lon"] = address.lat, address.lon
    elif pick() < 0.2:
        place["lat"], place["lon"] = town.lat, town.lon
    return place
