"""Leads as one reader sees them. What is stored of a lead is what everybody may read who may know
of it; who may read more of its reports sees more, in lists as in the lead itself.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.access import Principal
from app.domain.indicators import Catalogue
from app.linking.screening import screen_lead
from app.storage.repositories.knowing import names
from app.storage.repositories.lead_changes import Summed, summarise
from app.storage.repositories.leads import LeadRow
from app.storage.session import ReadConnection


async def seen_by(
    connection: ReadConnection, leads: Sequence[LeadRow], reader: Principal, catalogue: Catalogue
) -> list[LeadRow]:
    """These leads as the reader sees them; score and counts are the same for all."""
    restricted = [lead.id for lead in leads if lead.restricted]
    if not restricted:
        return list(leads)
    found = await summarise(connection, restricted, names=names(reader))
    return [_seen(lead, found[lead.id], catalogue) if lead.id in found else lead for lead in leads]


def _seen(lead: LeadRow, summed: Summed, catalogue: Catalogue) -> LeadRow:
    summary, figures = summed.summary, screen_lead(summed.signs, catalogue=catalogue)
    return replace(
        lead,
        first_observed=summary.first_observed,
        last_observed=summary.last_observed,
        forms=list(summary.forms),
        countries=list(summary.countries),
        nuts=list(summary.nuts),
        indicators=list(summary.indicators),
        has_children=summary.has_children,
        completeness=figures.completeness,
        urgency=figures.urgency,
    )
