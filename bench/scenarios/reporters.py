"""Who reports: organisations of 13 sectors in every country, and what each kind comes to see."""

from dataclasses import dataclass
from random import Random

from bench.scenarios.countries import REPORTING
from bench.scenarios.making import (
    new_phone,
)
from bench.scenarios.things import Email, Phone

KINDS = ("phone", "email", "profile", "advert", "account", "car", "address", "firm", "victim",
         "suspect", "case_ref")  # fmt: skip
_SEES = {
    row.split()[0]: dict(zip(KINDS, (float(weight) for weight in row.split()[1:]), strict=True))
    for row in (
        "law_enforcement   4  1 1 1 1 6 3 2 5 6 1",
        "prosecution       3  1 1 1 2 2 2 2 4 5 2",
        "labour_inspection 2  1 0.3 0.5 0.3 3 5 9 5 3 1",
        "immigration       3  1 0.5 0.3 0.3 1 3 2 7 2 1",
        "ngo               5  1 2 1.5 0.3 1.5 3 3 9 4 1",
        "health            3  0.5 0.5 0.2 0.1 0.5 2 1 8 1 1",
        "trade_union       3  1 0.5 1 0.3 1 4 8 6 3 1",
        "government        1  1 0.2 0.3 8 1 2 3 3 4 1",
        "online_platform   6  4 6 9 0.5 0 0.5 0.5 0.5 1 0",
        "local_government  2  0.5 0.5 0.2 0.2 1 6 1 6 1 1",
        "commerce          3  2 0.5 0.5 4 4 4 2 1 2 0",
        "diplomatic        3  1 1 0.5 0.5 0.5 1 2 8 3 1",
        "faith             3  0.5 0.5 0.3 0.1 0.5 2 1 6 1 0",
    )
}
SECTORS = tuple(_SEES)
SEES = {sector: tuple(weights.values()) for sector, weights in _SEES.items()}
"""By sector, the weight of each of KINDS."""
_MANY = {"law_enforcement": 5, "ngo": 6, "labour_inspection": 3, "immigration": 3, "health": 4}
_WEIGHTS = (20, 3, 12, 11, 22, 7, 6, 5, 4, 4, 3, 2, 1)
_BY_FORM = {
    "labour_exploitation": {"labour_inspection": 2.5, "trade_union": 2.5, "online_platform": 0.4},
    "sexual_exploitation": {"labour_inspection": 0.1, "trade_union": 0.1, "online_platform": 2.5},
    "domestic_servitude": {"diplomatic": 4.0, "faith": 3.0, "online_platform": 0.3},
    "forced_begging": {"labour_inspection": 0.1, "local_government": 4.0, "commerce": 2.0},
}
_TITLES = {
    "law_enforcement": "Police {}", "prosecution": "Prosecution office {}",
    "labour_inspection": "Labour inspectorate {}", "immigration": "Migration office {}",
    "ngo": "Aid for those concerned {}", "health": "Clinic {}", "trade_union": "Workers' union {}",
    "government": "Financial intelligence {}", "online_platform": "Portal safety team {}",
    "local_government": "Social services {}", "commerce": "Hotels and banks {}",
    "diplomatic": "Consular service {}", "faith": "Parish mission {}",
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Reporter:
    """sent: how many reports so far; phone and email: its own, a trap where not marked as such."""

    ref: str
    kind: str
    country: str
    line: dict[str, str]
    phone: Phone
    email: Email
    sent: int = 0


class Reporters:
    """All organisations, to be drawn by country and form of exploitation."""

    def __init__(self, chance: Random, *, larger: bool) -> None:
        self._of: dict[str, dict[str, list[Reporter]]] = {}
        self._weights = {
            form: tuple(
                weight * _BY_FORM.get(form, {}).get(sector, 1.0)
                for sector, weight in zip(SECTORS, _WEIGHTS, strict=True)
            )
            for form in ("", *_BY_FORM)
        }
        for country in REPORTING:
            self._of[country.code] = {
                sector: [
                    _reporter(chance, sector, country.code, number)
                    for number in range(1, _MANY.get(sector, 2) * (2 if larger else 1) + 1)
                ]
                for sector in SECTORS
            }

    def draw(self, chance: Random, country: str, form: str) -> Reporter:
        """One that may come across a case of that form in that country."""
        weights = self._weights.get(form) or self._weights[""]
        sector = chance.choices(SECTORS, weights)[0]
        return chance.choice(self._of[country][sector])


def _reporter(chance: Random, sector: str, country: str, number: int) -> Reporter:
    ref = f"{sector.replace('_', '-')}-{country.lower()}-{number}"
    title = _TITLES[sector].format(f"{country} {number}")
    line = {"ref": ref, "name": title, "kind": sector, "country": country}
    return Reporter(
        ref, sector, country, line, new_phone(chance, country), Email(f"desk@{ref}.example")
    )
