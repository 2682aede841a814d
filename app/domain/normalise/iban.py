"""International bank account numbers (ISO 13616-1).

National account numbers without country and check digits are not read here.
"""

import re
from functools import lru_cache

from stdnum import iban as stdnum_iban
from stdnum.exceptions import InvalidChecksum, ValidationError

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import fold_lookalikes

_IBAN_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_SEPARATORS = re.compile(r"[\W_]+")
_LABEL = re.compile(rf"^(?:IBAN|{fold_lookalikes('ИБАН')})(?:NO|NR)?(?=[A-Z]{{2}}[0-9]{{2}})")

_NO_IBAN = Outcome(problem="This is not an IBAN: it has the wrong form or length for its country.")
_WRONG_CHECK = Outcome(problem="The check digits of the IBAN are wrong.")


def normalise_iban(raw: str, context: Context) -> Outcome:
    """Return the IBAN in its electronic format: upper case, no separators.

    Look-alike letters of the Cyrillic and Greek alphabets become Latin: an IBAN has no others.
    The length per country and the check digits (ISO 13616-1, clause 6; MOD 97-10 of ISO/IEC
    7064) must be right. Check digits that a country keeps inside its account number are not
    held against the value: banks do not all follow them. `context` is not needed, as an IBAN
    names its country.
    """
    del context
    compact = _LABEL.sub("", fold_lookalikes(_SEPARATORS.sub("", raw)))
    if _IBAN_SHAPE.fullmatch(compact) is None:
        return NOT_KNOWN if is_placeholder(raw) else _NO_IBAN
    if not compact[4:].strip("0"):
        return NOT_KNOWN
    return _checked(compact)


@lru_cache(maxsize=2048)
def _checked(compact: str) -> Outcome:
    try:
        stdnum_iban.validate(compact, check_country=False)
    except InvalidChecksum:
        return _WRONG_CHECK
    except ValidationError:
        return _NO_IBAN
    return Outcome((Normalised(compact),))
