"""Why two reports are together or apart, told from what is known of them."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.linkage.model import LinkageModel
from app.domain.linkage.scoring import Evidence

_JOIN = "join"


class Reason(StrEnum):
    """Why two reports are together or apart: stable codes."""

    LINKED = "linked"
    ATTACHED = "attached"
    JOINED = "joined"
    SAME_LEAD_BY_OTHERS = "same_lead_by_others"
    NOTHING_IN_COMMON = "nothing_in_common"
    BELOW_THRESHOLD = "below_threshold"
    WEAK_ALONE = "weak_alone"
    ONLY_SHARED_VALUES = "only_shared_values"
    SEPARATED = "separated"
    CUT = "cut"
    NOT_COMPARED = "not_compared"
    WAITING = "waiting"
    OTHER_CIRCLE = "other_circle"


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides on two reports.

    waiting: a change of them waits to be linked. attached: exactly one of them is attached to the
    lead by weak evidence. judged: what an analyst decided on the two. compared: something brings
    them together to be compared; it counts where the evidence might link or attach. shares:
    they carry values that link nobody. divided: a judgement separates the leads that they are
    in. cut: strong links lead out of one of these. circles: not the same agencies may know of the
    two, so nothing is compared.
    """

    waiting: bool
    together: bool
    evidence: Evidence
    attached: bool = False
    judged: str | None = None
    compared: bool = True
    shares: bool = False
    divided: bool = False
    cut: bool = False
    circles: bool = False


def reason_of(now: Situation, model: LinkageModel) -> Reason:
    """What two reports are together or apart by."""
    if now.waiting:
        return Reason.WAITING
    if now.circles:
        return Reason.OTHER_CIRCLE
    return _why_together(now, model) if now.together else _why_apart(now, model)


def _why_together(now: Situation, model: LinkageModel) -> Reason:
    if now.judged == _JOIN:
        return Reason.JOINED
    if now.compared and _binds(now.evidence, model):
        return Reason.LINKED
    weakly = not now.evidence.strong and now.evidence.weight >= model.thresholds.attach
    if now.compared and weakly and now.attached:
        return Reason.ATTACHED
    return Reason.SAME_LEAD_BY_OTHERS


def _why_apart(now: Situation, model: LinkageModel) -> Reason:
    if now.judged is not None:
        # One that joins is kept from doing so by nothing but one that separates.
        return Reason.SEPARATED
    if not now.evidence.parts:
        return Reason.ONLY_SHARED_VALUES if now.shares else Reason.NOTHING_IN_COMMON
    if not _binds(now.evidence, model):
        weak = not now.evidence.strong and now.evidence.weight >= model.thresholds.attach
        return Reason.WEAK_ALONE if weak else Reason.BELOW_THRESHOLD
    if not now.compared:
        return Reason.NOT_COMPARED
    if now.divided:
        return Reason.SEPARATED
    return Reason.CUT if now.cut else Reason.NOT_COMPARED


def _binds(evidence: Evidence, model: LinkageModel) -> bool:
    return evidence.strong and evidence.weight >= model.thresholds.link
