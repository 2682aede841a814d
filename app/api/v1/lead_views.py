"""What an agency is shown of leads. Of withheld reports it is shown that they are there."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.api.v1.lead_assessment import assessment, sender
from app.api.v1.presenting import present_report
from app.crypto.blind_index import index_of_token, index_of_value, open_index
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.indicators import Catalogue
from app.domain.linkage.parts import Part
from app.domain.portrait import attributes_of, persons_of
from app.intake.content import Content
from app.intake.members import Member
from app.services.explain_links import Explanation
from app.services.read_lead import OpenedLead
from app.services.record_outcome import OUTCOME_TABLE
from app.storage.repositories.feedback import OutcomeRow
from app.storage.repositories.lead_links import FullLink, NotLinking
from app.storage.repositories.leads import LeadEvent, LeadRow
from app.storage.repositories.nearby import Near


def position(column: str, cursor: list[Any]) -> tuple[float | datetime, UUID]:
    """The place in a list that a cursor stands for."""
    value, lead_id = cursor
    return (
        datetime.fromisoformat(value) if column == "updated_at" else float(value),
        UUID(lead_id),
    )


def summary(lead: LeadRow) -> dict[str, Any]:
    """A lead as lists show it."""
    return {
        "id": str(lead.id),
        "status": lead.status,
        "score": lead.score,
        "score_parts": lead.score_parts,
        "report_count": lead.report_count,
        "organisation_count": lead.organisation_count,
        "sector_count": lead.sector_count,
        "first_observed": lead.first_observed,
        "last_observed": lead.last_observed,
        "forms": lead.forms,
        "countries": lead.countries,
        "nuts": lead.nuts,
        "indicators": lead.indicators,
        "has_children": lead.has_children,
        "completeness": lead.completeness,
        "urgency": lead.urgency,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "merged_into": str(lead.merged_into) if lead.merged_into else None,
    }


def whole(opened: OpenedLead, catalogue: Catalogue) -> dict[str, Any]:
    """A lead with what its readable reports say."""
    readable = [(str(m.record.id), m.content) for m in opened.members if m.content is not None]
    values = [(id_, value) for id_, content in readable for value in content.values]
    return {
        **summary(opened.lead),
        "model_version": opened.lead.model_version,
        "assessment": assessment(opened, catalogue),
        "persons": persons_of((id_, content.report) for id_, content in readable),
        "attributes": [
            {
                "kind": view.kind.value,
                "value": view.value,
                "roles": sorted(view.roles),
                "links": view.links,
                "report_count": len(view.reports),
                "reports": view.reports,
            }
            for view in attributes_of(values)
        ],
        "withheld_count": opened.withheld_count,
    }


def member(one: Member, catalogues: Mapping[str, Catalogue]) -> dict[str, Any]:
    """A member report: whole, or a stub with whom to ask."""
    if one.content is None:
        return {
            "id": str(one.record.id),
            "withheld": True,
            "ask": sender(one.organisation),
            "handling": {"code": one.record.handling_code, "tlp": one.record.tlp},
        }
    report = present_report(one.record, one.content, catalogues)
    return {**report, "withheld": False, "organisation": sender(one.organisation)}


def near(one: Near, texts: Mapping[bytes, str | None]) -> dict[str, Any]:
    """A lead of another circle that shares values with one that is read."""
    return {
        "lead": str(one.lead_id),
        "shared": [
            {"kind": kind, "value": texts[index], "reports": [str(each) for each in reports]}
            for index, kind, reports in one.shared
        ],
    }


def event(one: LeadEvent) -> dict[str, Any]:
    """One event of a lead's history."""
    return {
        "id": str(one.id),
        "kind": one.kind,
        "at": one.at,
        "reports": [str(report_id) for report_id in one.reports],
        "leads": [str(lead_id) for lead_id in one.other_leads],
        "causes": list(one.causes),
    }


def outcome(one: OutcomeRow, sealer: Sealer) -> dict[str, Any]:
    """An outcome as agencies read it."""
    told = json.loads(sealer.unseal(one.sealed, table=OUTCOME_TABLE, record=one.id))
    return {
        "id": str(one.id),
        "kind": "outcome",
        "at": one.at,
        "reports": [],
        "leads": [str(one.lead_id)],
        "causes": [one.status],
        "status": one.status,
        "message": told["message"],
        "internal_note": told["internal_note"],
        "organisation": str(one.organisation_id),
    }


def told_history(events: Sequence[LeadEvent], outcomes: list[dict[str, Any]]) -> list[Any]:
    """Events and outcomes in one order of time."""
    happened = [event(one) for one in events if one.kind != "outcome"]
    return sorted([*happened, *outcomes], key=lambda one: (one["at"], one["id"]))


def links(opened: OpenedLead, explanation: Explanation, keyring: Keyring) -> dict[str, Any]:
    """The links of a lead; what withheld reports say stays withheld."""
    texts = visible_values(opened.members, keyring)
    return {
        "items": [link(each, explanation.carriers, texts) for each in explanation.links],
        "not_linking": [
            _not_linking(value, explanation.carriers, texts)
            for value in explanation.not_linking
            if open_index(value.value_index) in texts
        ],
    }


def link(
    found: FullLink, carriers: Mapping[bytes, int], texts: Mapping[bytes, str | None]
) -> dict[str, Any]:
    """One link with its parts. Of one with a withheld report these are the hits on values that the
    reader can read elsewhere; what they weigh adds up to what is shown, and to nothing that is not.
    """
    shown = [each for each in found.parts if found.readable or _is_shown(each, texts)]
    weight = found.weight if found.readable else round(sum(each.bits for each in shown), 2)
    return {
        "reports": [str(report_id) for report_id in found.reports],
        "match_weight": weight,
        "strong": found.strong if found.readable else None,
        "withheld": not found.readable,
        "model_version": found.model_version,
        "parts": [part(each, carriers, texts) for each in shown],
    }


def part(
    found: Part, carriers: Mapping[bytes, int], texts: Mapping[bytes, str | None]
) -> dict[str, Any]:
    """One piece of evidence."""
    return {
        "kind": found.comparison,
        "value": texts.get(open_index(found.value)) if found.value is not None else None,
        "comparison": found.level,
        "carriers": carriers.get(found.value) if found.value is not None else None,
        "links_alone": not found.weak,
        "match_weight": found.bits,
    }


def _is_shown(found: Part, texts: Mapping[bytes, str | None]) -> bool:
    return found.value is not None and open_index(found.value) in texts


def _not_linking(
    value: NotLinking, carriers: Mapping[bytes, int], texts: Mapping[bytes, str | None]
) -> dict[str, Any]:
    return {
        "kind": value.kind,
        "value": texts.get(open_index(value.value_index)),
        "carriers": carriers[value.value_index],
        "reports": [str(report_id) for report_id in value.reports],
        "reason": value.reason,
        "note": value.note,
    }


def visible_values(members: Iterable[Member], keyring: Keyring) -> dict[bytes, str | None]:
    """The values that this reader may see, by their blind index; None for a bare token."""
    return values_in((one.content for one in members if one.content is not None), keyring)


def values_in(contents: Iterable[Content], keyring: Keyring) -> dict[bytes, str | None]:
    """The values of opened reports by their index outside of circles; None for a bare token."""
    texts: dict[bytes, str | None] = {}
    for content in contents:
        for value in content.values:
            if value.token is None:
                texts[index_of_value(keyring, value.kind, value.normalised or "")] = (
                    value.normalised
                )
            else:
                texts.setdefault(index_of_token(keyring, value.kind, value.token), None)
    return texts
