"""Put a value on the stop-list: it is kept and shown, and links nothing from now on."""

import unicodedata
from collections.abc import Iterable, Sequence

from app.crypto.blind_index import index_of_value
from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind
from app.domain.audit import Action, By
from app.domain.errors import Fault, InvalidInputError
from app.domain.stoplist import StopValue, forms_of
from app.storage.repositories import audit, stoplist
from app.storage.session import WriteConnection

_LONGEST_NOTE = 500
_TELLING_DIGITS = 7
"""A subscriber's number is known by so many digits at its end, however it is dialled."""


async def add_to_stoplist(
    connection: WriteConnection,
    value: StopValue,
    *,
    keyring: Keyring,
    by: By,
    note: str | None = None,
) -> int:
    """Stop-list a value, written in whatever way, in every role; what it linked is taken apart
    by the linker. Returns how many values that added: 0 if it was listed, 2 for two phones in
    one text.

    note: why; it is kept in plain text and shown to whoever reads a lead with the value, and
    replaces an earlier one. Raises InvalidInputError where the value cannot be normalised, and
    for a note that is empty, too long, or holds the value: the database keeps none in plain text.
    """
    kind, forms = AttributeKind(value.kind), forms_of(value)
    if note is not None:
        note = note.strip()
        _check(note, kind, (value.raw, *forms))
    indexes = {index_of_value(keyring, kind, form): kind.value for form in forms}
    added = await stoplist.add(connection, indexes, note=note, now=by.at)
    audit.record(connection, by, Action.STOPLIST_ADDED)
    return len(added)


def _check(note: str, kind: AttributeKind, written: Sequence[str]) -> None:
    if not note or len(note) > _LONGEST_NOTE or not note.isprintable():
        raise InvalidInputError(
            faults=(Fault("/reason", f"1 to {_LONGEST_NOTE} characters on one line"),)
        )
    if _holds_value(note, kind, written):
        raise InvalidInputError(faults=(Fault("/reason", "must not contain the value itself"),))


def _holds_value(note: str, kind: AttributeKind, written: Iterable[str]) -> bool:
    """Whether a text holds a value in any of the ways it is written, by letters and digits."""
    told = _folded(note)
    folded = {_folded(each) for each in written} - {""}
    if any(each in told for each in folded):
        return True
    if kind is not AttributeKind.PHONE:
        return False
    digits = _digits(told)
    ends = {_digits(each)[-_TELLING_DIGITS:] for each in folded}
    return any(len(end) == _TELLING_DIGITS and end in digits for end in ends)


def _folded(text: str) -> str:
    """Letters and digits without accents and case, digits of any script as 0 to 9."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(
        str(unicodedata.digit(each)) if each.isdigit() else each for each in plain if each.isalnum()
    )


def _digits(folded: str) -> str:
    return "".join(each for each in folded if each.isdigit())
