"""The kinds of attribute that can tie reports together, and whose they may be.

The codes are those of the API contract. What a kind weighs is not here: that belongs to
the linkage model. Values are named tuples: a report makes dozens of them, and they are made
three times as fast as frozen dataclasses.
"""

from enum import StrEnum
from typing import NamedTuple


class AttributeKind(StrEnum):
    """A kind of normalised value. `PERSON` is composed here from name and birth date;
    reporters send persons, not attributes of that kind.
    """

    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    PROFILE = "profile"
    IBAN = "iban"
    WALLET = "wallet"
    DOCUMENT = "document"
    PLATE = "plate"
    VIN = "vin"
    IP = "ip"
    ADDRESS = "address"
    COMPANY = "company"
    IMAGE_HASH = "image_hash"
    CASE_REF = "case_ref"
    PERSON = "person"


class AttributeRole(StrEnum):
    """Whose value it is: the roles of persons, and those of things and go-betweens."""

    SUSPECTED_VICTIM = "suspected_victim"
    SUSPECTED_PERPETRATOR = "suspected_perpetrator"
    FACILITATOR = "facilitator"
    WITNESS = "witness"
    UNKNOWN = "unknown"
    REPORTER = "reporter"
    HELPER = "helper"
    EMPLOYER = "employer"
    PLACE = "place"
    ADVERT = "advert"
    ACCOUNT = "account"


NEVER_LINKING_ROLES = frozenset(
    {AttributeRole.WITNESS, AttributeRole.REPORTER, AttributeRole.HELPER}
)
"""Roles whose values say nothing about the operation: a helpline's or an interpreter's phone
stands in reports of many unrelated cases (the first cure for hubs is not to link by them)."""


class Context(NamedTuple):
    """What the report says around a raw value and the normaliser may need.

    country: ISO 3166-1 alpha-2, upper case, of the value; for kinds that are read by the country
        one is in (phone, address, company) else that of the report; None if unknown.
    platform: of a profile, as sent ("telegram"); None if not given.
    document_kind: of an identity document, as sent ("passport", "id_card", …); None if not given.
    """

    country: str | None = None
    platform: str | None = None
    document_kind: str | None = None


class Normalised(NamedTuple):
    """One value in the form in which two reports are compared.

    value: the comparison form; equal things have equal forms.
    is_service: a shared service number, group mailbox, private address range or the like:
        kept and shown, never linking.
    note: a stable code for what was noticed ("service_number", "mixed_script",
        "country_unknown", "check_digit_unknown", …); None if nothing.
    qualifier: the country that issued a plate or document, where it is said. It is often not,
        so it is no part of the value; but two that are said and differ are two things.
    """

    value: str
    is_service: bool = False
    note: str | None = None
    qualifier: str | None = None


class Outcome(NamedTuple):
    """What a normaliser makes of one raw value.

    values: usually one; two phones in one field give two; none where it cannot be normalised.
    problem: a sentence for the reporter why `values` is empty or lacks a part of the field. It
        never repeats the raw value.
    """

    values: tuple[Normalised, ...] = ()
    problem: str | None = None
