"""Values that stand in reports which have nothing to do with each other: the makings of hubs.

Each belongs to a country, or to a language. Their number grows with the square root of the number
of reports, so that each has more carriers in a larger scenario.
"""

from dataclasses import dataclass
from random import Random

from bench.scenarios.countries import ORIGINS, REPORTING, Country
from bench.scenarios.making import (
    new_account,
    new_address,
    new_car,
    new_firm,
    new_phone,
)
from bench.scenarios.things import Address, Advert, Email, Firm, Thing
from bench.scenarios.towns import TOWNS, Town

_PORTALS = (
    "jobs-abroad.example", "work-eu.example", "harvest-work.example", "meet-tonight.example",
    "city-dates.example", "private-ads.example",
)  # fmt: skip
_TONGUES = {
    **dict.fromkeys(("RO", "MD", "IT", "ES", "PT", "BR", "FR"), "Romance"),
    **dict.fromkeys(("BG", "UA", "PL", "SK", "CZ"), "Slavic"),
    **dict.fromkeys(("VN", "CN", "PH", "IN"), "Asian"),
    **dict.fromkeys(("MA", "SY", "NG"), "Arabic and English"),
}
"""Who interprets for whom; the rest share one interpreter."""
_HELPER = ("helper", "helper", "unknown")
ROLES = {
    "helpline": _HELPER,
    "shelter": ("place", "helper", "unknown"),
    "embassy": _HELPER,
    "interpreter": ("helper", "helper", "witness", "unknown", "unknown"),
    "lawyer": ("helper", "unknown"),
    "money agent": ("account", "account", "unknown"),
    "big employer": ("employer",),
    "building": ("place",),
    "rental car": ("unknown",),
    "portal": ("advert", "unknown"),
    "hotel": ("place",),
    "office": ("reporter", "unknown"),
}
"""What such a value is said to be: sometimes rightly, sometimes not known."""
_TIED = (
    ("building", 0.11), ("hotel", 0.07), ("big employer", 0.08), ("money agent", 0.05),
    ("rental car", 0.06), ("lawyer", 0.08), ("shelter", 0.08),
)  # fmt: skip
_PASSING = (("helpline", 0.08), ("shelter", 0.02), ("portal", 0.02), ("lawyer", 0.01))


@dataclass(slots=True, eq=False)
class Confounder:
    """label: a key of ROLES."""

    thing: Thing
    label: str


class Confounders:
    """All of them, to be drawn by country, label and language."""

    def __init__(self, chance: Random, scale: float) -> None:
        self._of: dict[tuple[str, str], list[Confounder]] = {}
        self._abroad = [Confounder(Advert(host, ""), "portal") for host in _PORTALS]
        self._abroad += [Confounder(Email(f"support@{host}"), "portal") for host in _PORTALS[:3]]
        for country in REPORTING:
            self._settle(chance, country, max(1.0, scale * country.weight / 8))
            for tongue in ("", *dict.fromkeys(_TONGUES.values())):
                self._of["interpreter", tongue + country.code] = [
                    Confounder(new_phone(chance, country.code), "interpreter")
                    for _ in range(1 + int(scale / 3))
                ]
        for origin in ORIGINS:
            hotline = Confounder(new_phone(chance, origin), "embassy")
            self._of["embassy", origin] = [hotline]

    def _settle(self, chance: Random, country: Country, size: float) -> None:
        code, towns = country.code, TOWNS[country.code]
        many = max(1, round(size))

        def add(label: str, *things: Thing) -> None:
            for thing in things:
                one = Confounder(thing, label)
                self._of.setdefault((label, code), []).append(one)
                where = thing.address if isinstance(thing, Firm) else thing
                if isinstance(where, Address):
                    self._of.setdefault((label, where.town.names[0]), []).append(one)

        add("helpline", new_phone(chance, code), new_phone(chance, code),
            Email(f"help@helpline-{code.lower()}.example"))  # fmt: skip
        for _ in range(many):
            town = chance.choice(towns)
            add("shelter", new_address(chance, town))
            add("lawyer", new_phone(chance, code), new_phone(chance, code))
            add("money agent", new_account(chance, code))
            add("building", new_address(chance, town), new_address(chance, chance.choice(towns)))
            add("rental car", new_car(chance, code), new_car(chance, code))
            firm, hotel = new_firm(chance, code), new_firm(chance, code, role="venue")
            firm.phone, firm.address = new_phone(chance, code), new_address(chance, town)
            firm.email = Email(f"info@{firm.core.split()[0].lower()}-{code.lower()}.example")
            hotel.core = f"Hotel {hotel.core.split()[0]}"
            hotel.address = new_address(chance, town, venue=hotel.core)
            hotel.phone = new_phone(chance, code)
            add("big employer", firm)
            add("hotel", hotel)

    def tied(self, chance: Random, town: Town, nationality: str, form: str) -> list[Confounder]:
        """Those that one operation keeps meeting: its interpreter, where its people are put."""
        found = [
            self._near(chance, label, town)
            for label, share in _TIED
            if chance.random() < share * (2 if _fits(label, form) else 1)
        ]
        if nationality != town.country:
            tongue = _TONGUES.get(nationality, "")
            for label, key, share in (
                ("interpreter", tongue + town.country, 0.16),
                ("embassy", nationality, 0.03),
            ):
                if chance.random() < share:
                    found.append(chance.choice(self._of[label, key]))
        return found

    def _near(self, chance: Random, label: str, town: Town) -> Confounder:
        """One of that town, else of that country."""
        there = self._of.get((label, town.names[0]))
        return chance.choice(there or self._of[label, town.country])

    def passing(self, chance: Random, country: str) -> list[Confounder]:
        """Those that a single report happens to name."""
        if chance.random() > 0.13:
            return []
        labels = [label for label, _ in _PASSING]
        label = chance.choices(labels, [share for _, share in _PASSING])[0]
        return [chance.choice(self._abroad if label == "portal" else self._of[label, country])]


def _fits(label: str, form: str) -> bool:
    return (label == "big employer" and form == "labour_exploitation") or (
        label == "hotel" and form == "sexual_exploitation"
    )
