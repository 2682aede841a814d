"""The assessment of a lead as one agency is shown it: over the reports that it may read, and no
others, so that a withheld report leaves no trace in it.
"""

from typing import Any

from app.domain.indicators import Catalogue, Sign
from app.domain.screening import concerned_by, screen, signs_of
from app.intake.members import Member
from app.services.read_lead import OpenedLead
from app.storage.repositories.organisations import OrganisationRow


def sender(organisation: OrganisationRow) -> dict[str, str]:
    """Who sent a report."""
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "kind": organisation.kind,
        "country": organisation.country,
    }


def assessment(opened: OpenedLead, catalogue: Catalogue) -> dict[str, Any]:
    """What the readable reports add up to, and which organisation brings what."""
    readable = [each for each in opened.members if each.content is not None]
    found = screen(
        [sign for each in readable for sign in _signs(each, catalogue)],
        concerned_by([each.record.told for each in readable], catalogue),
        catalogue,
    )
    senders = {str(each.organisation.id): sender(each.organisation) for each in readable}
    return {
        **found.as_dict(),
        "reports_assessed": len(readable),
        "contributions": [
            {**each.as_dict(), "organisation": senders[each.organisation]}
            for each in found.contributions
        ],
    }


def _signs(member: Member, catalogue: Catalogue) -> list[Sign]:
    return signs_of(
        member.record.indicators,
        credibility=member.record.credibility,
        catalogue=catalogue,
        report=str(member.record.id),
        organisation=str(member.organisation.id),
    )
