"""One door to all normalisers: from a kind to the function that knows it."""

from collections.abc import Callable

from app.domain.attributes import AttributeKind, Context, Outcome
from app.domain.normalise.address import normalise_address
from app.domain.normalise.case_ref import normalise_case_ref
from app.domain.normalise.company import normalise_company
from app.domain.normalise.document import normalise_document
from app.domain.normalise.email import normalise_email
from app.domain.normalise.iban import normalise_iban
from app.domain.normalise.image_hash import normalise_image_hash
from app.domain.normalise.ip import normalise_ip
from app.domain.normalise.phone import normalise_phone
from app.domain.normalise.plate import normalise_plate
from app.domain.normalise.profile import normalise_profile
from app.domain.normalise.url import normalise_url
from app.domain.normalise.vin import normalise_vin
from app.domain.normalise.wallet import normalise_wallet

_NORMALISERS: dict[AttributeKind, Callable[[str, Context], Outcome]] = {
    AttributeKind.PHONE: normalise_phone,
    AttributeKind.EMAIL: normalise_email,
    AttributeKind.URL: normalise_url,
    AttributeKind.PROFILE: normalise_profile,
    AttributeKind.IBAN: normalise_iban,
    AttributeKind.WALLET: normalise_wallet,
    AttributeKind.DOCUMENT: normalise_document,
    AttributeKind.PLATE: normalise_plate,
    AttributeKind.VIN: normalise_vin,
    AttributeKind.IP: normalise_ip,
    AttributeKind.ADDRESS: normalise_address,
    AttributeKind.COMPANY: normalise_company,
    AttributeKind.IMAGE_HASH: normalise_image_hash,
    AttributeKind.CASE_REF: normalise_case_ref,
}


def normalise(kind: AttributeKind, raw: str, context: Context) -> Outcome:
    """Normalise one raw value. Raises KeyError for PERSON, which is composed, not sent."""
    return _NORMALISERS[kind](raw, context)
