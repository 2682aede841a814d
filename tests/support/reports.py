"""Reports about invented people, as bodies of requests."""

import itertools
import json
import uuid

_NUMBERS = itertools.count(1)


def report(external_ref: str | None = None, **more) -> dict:
    """A small report that is accepted; `more` adds or replaces fields."""
    return {
        "external_ref": external_ref or f"T-{uuid.uuid4().hex[:12]}",
        "observed_from": "2026-03-01",
        **more,
    }


def phone() -> dict:
    """An attribute with a phone number that no other call of this gives (555 01xx of the NANP)."""
    number = next(_NUMBERS)
    area = 201 + number // 100
    return {"kind": "phone", "value": f"+1 {area} 555 01{number % 100:02d}", "role": "facilitator"}


def email(name: str | None = None) -> dict:
    """An attribute with a mail address of a reserved domain."""
    local = name or f"box{uuid.uuid4().hex[:10]}"
    return {"kind": "email", "value": f"{local}@mail.example", "role": "facilitator"}


def whole_report(external_ref: str) -> dict:
    """A report with every field of section 5 of the contract."""
    return {
        "external_ref": external_ref,
        "observed_from": "2026-03-01",
        "observed_to": "2026-03-02",
        "language": "sk",
        "forms": ["labour_exploitation"],
        "indicators": [{"code": "CD-01", "note": "pasy u majstra"}, "RV-01"],
        "narrative": "Robotníci spia v hale, pasy má majster.",
        "place": {
            "country": "SK", "nuts": "SK031", "locality": "Dolná Lúka", "address": "Hlavná 12",
            "lat": 49.22, "lon": 18.74,
        },
        "route": ["UA", "SK", "AT"],
        "persons": [
            {
                "role": "suspected_victim", "name": "Linh Nguyen Demo", "given_name": "Linh",
                "family_name": "Nguyen Demo", "aliases": ["Lily"], "birth_date": "1999-05-02",
                "age_group": "adult", "sex": "female", "nationality": "VN", "languages": ["vi"],
                "documents": [{"kind": "passport", "number": "C0000171", "country": "VN"}],
                "phones": ["+421 905 000 171"], "emails": ["lily@mail.example"],
                "profiles": ["telegram:lily_demo_171"],
            }
        ],
        "organisations": [
            {
                "role": "employer", "name": "Demo Stavby s. r. o.", "registration_number": "36421928",
                "country": "SK", "address": "Robotnícka 4", "phones": ["+421 2 5441 0171"],
                "emails": ["info@stavby.example"], "urls": ["https://stavby.example/praca"],
            }
        ],
        "vehicles": [
            {
                "plate": "ZA 171 AB", "country": "SK", "vin": "1M8GDM9AXKP042788",
                "description": "biela dodávka",
            }
        ],
        "attributes": [
            {
                "kind": "phone", "value": "+421 905 000 172", "role": "suspected_perpetrator",
                "country": "SK", "platform": None, "note": "z inzerátu",
            }
        ],
        "source": {"reliability": "B", "credibility": 2, "channel": "direct"},
        "handling": {"code": "H0", "tlp": "AMBER", "share_with": ["SK", "AT"]},
        "consent": {
            "basis": "vital_interest", "scopes": ["linking", "police"], "victim_informed": True,
            "note": "ústne",
        },
        "safety": {"do_not_contact": False, "at_risk": True},
    }  # fmt: skip


def ndjson(bodies) -> bytes:
    """Bodies as a batch."""
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)
