"""Typical reports for measurements: 2 persons, 4 attributes, 1 vehicle, a narrative.

About every fourth report shares a phone with an earlier one, as reports on one operation do.
"""

import json
import random
from collections.abc import Iterator

_GIVEN = ("Ivan", "Maria", "Oksana", "Petar", "Elena", "Andrei", "Ioana", "Hung", "Lan", "Nikos")
_FAMILY = ("Petrov", "Kovalenko", "Ionescu", "Nguyen", "Papadakis", "Novák", "Dimitrova", "Horvat")
_TEXT = (
    "The person said that wages had been withheld for three months and that a man kept the "
    "passports of all workers in the house. They are driven to the site before six in the "
    "morning and brought back after dark; nobody leaves alone. The contact is {phone}. Rent is "
    "taken from the pay, and a debt for the journey grows every week. Two colleagues who asked "
    "for their papers were told that the police would deport them. "
)


def typical_reports(count: int, *, seed: int = 1) -> Iterator[bytes]:
    """`count` reports as JSON lines, the same for the same seed."""
    chance = random.Random(seed)
    shared = [_phone(chance) for _ in range(max(count // 16, 1))]
    for number in range(count):
        phone = chance.choice(shared) if chance.random() < 0.25 else _phone(chance)
        yield json.dumps(_report(chance, number, phone), ensure_ascii=False).encode()


def _phone(chance: random.Random) -> str:
    return f"+4219{chance.choice('01457')}{chance.randrange(10**7):07}"


def _person(chance: random.Random, role: str) -> dict[str, object]:
    year, month, day = (
        chance.randrange(1970, 2004),
        chance.randrange(1, 13),
        chance.randrange(2, 28),
    )
    return {
        "role": role,
        "given_name": chance.choice(_GIVEN),
        "family_name": chance.choice(_FAMILY) + chance.choice("abcdefghij"),
        "birth_date": f"{year}-{month:02}-{day:02}",
        "sex": chance.choice(("female", "male")),
        "nationality": chance.choice(("BG", "UA", "RO", "VN")),
    }


def _report(chance: random.Random, number: int, phone: str) -> dict[str, object]:
    letters = "".join(chance.choice("ABCDEFGHJKLMNPRSTUVXYZ") for _ in range(2))
    return {
        "external_ref": f"BENCH-{chance.getrandbits(48):012x}-{number}",
        "observed_from": f"2026-{chance.randrange(1, 10):02}-{chance.randrange(1, 28):02}",
        "language": "en",
        "forms": ["labour_exploitation"],
        "indicators": ["AC-01", "CD-01", "CD-13", "EX-01"],
        "narrative": _TEXT.format(phone=phone),
        "place": {"country": "SK", "nuts": "SK031", "locality": "Žilina"},
        "persons": [_person(chance, "suspected_victim"), _person(chance, "suspected_perpetrator")],
        "vehicles": [
            {
                "plate": f"ZA{chance.randrange(1000):03}{letters}",
                "country": "SK",
                "description": "white van",
            }
        ],
        "attributes": [
            {"kind": "phone", "value": phone, "role": "suspected_perpetrator"},
            {
                "kind": "email",
                "value": f"w{chance.getrandbits(40)}@work.example",
                "role": "facilitator",
            },
            {
                "kind": "profile",
                "value": f"u{chance.getrandbits(40)}",
                "platform": "telegram",
                "role": "advert",
            },
            {
                "kind": "address",
                "value": f"Hlavná {chance.randrange(400)}, 010 01 Žilina",
                "role": "place",
            },
        ],
        "consent": {"basis": "public_task", "scopes": ["linking", "police", "statistics"]},
    }
