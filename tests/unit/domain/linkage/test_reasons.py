"""Why two reports are together or apart, by what is known of them."""

import pytest

from app.domain.linkage.parts import Part
from app.domain.linkage.reasons import Reason, Situation, reason_of
from app.domain.linkage.scoring import Evidence
from tests.support.traits import MODEL


def _found(weight, *, strong):
    return Evidence(weight, strong, (Part("phone", "same value", weight, "contact", weak=False),))


STRONG, WEAK, LITTLE = (
    _found(30.0, strong=True),
    _found(16.0, strong=False),
    _found(18.0, strong=True),
)
NOTHING = Evidence(0.0, strong=False, parts=())


@pytest.mark.parametrize(
    ("situation", "reason"),
    [
        ({"waiting": True, "together": True, "evidence": STRONG}, Reason.WAITING),
        ({"together": True, "evidence": STRONG}, Reason.LINKED),
        ({"together": True, "evidence": STRONG, "compared": False}, Reason.SAME_LEAD_BY_OTHERS),
        ({"together": True, "evidence": LITTLE}, Reason.SAME_LEAD_BY_OTHERS),
        ({"together": True, "evidence": LITTLE, "attached": True}, Reason.SAME_LEAD_BY_OTHERS),
        ({"together": True, "evidence": WEAK}, Reason.SAME_LEAD_BY_OTHERS),
        ({"together": True, "evidence": WEAK, "attached": True}, Reason.ATTACHED),
        ({"together": True, "evidence": STRONG, "judged": "join"}, Reason.JOINED),
        ({"evidence": STRONG, "judged": "join"}, Reason.SEPARATED),
        ({"evidence": NOTHING, "judged": "separate"}, Reason.SEPARATED),
        ({"evidence": NOTHING}, Reason.NOTHING_IN_COMMON),
        ({"evidence": NOTHING, "shares": True}, Reason.ONLY_SHARED_VALUES),
        ({"evidence": LITTLE, "shares": True}, Reason.BELOW_THRESHOLD),
        ({"evidence": LITTLE, "cut": True, "divided": True}, Reason.BELOW_THRESHOLD),
        ({"evidence": WEAK}, Reason.WEAK_ALONE),
        ({"evidence": STRONG, "cut": True}, Reason.CUT),
        ({"evidence": STRONG, "cut": True, "divided": True}, Reason.SEPARATED),
        ({"evidence": STRONG, "cut": True, "compared": False}, Reason.NOT_COMPARED),
        ({"evidence": STRONG}, Reason.NOT_COMPARED),
    ],
)
def test_the_reason_follows_from_the_situation(situation, reason):
    given = {"waiting": False, "together": False} | situation
    assert reason_of(Situation(**given), MODEL) is reason
