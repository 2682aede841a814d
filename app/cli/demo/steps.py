"""The steps of the demo: each does its part over HTTP and prints what came of it."""

import time
from dataclasses import dataclass

from app.cli.demo.comparing import Comparison, compare
from app.cli.demo.findings import Findings, Found, Seen
from app.cli.demo.network import Network
from app.cli.demo.partner import Partner
from app.cli.demo.sample import Sample
from app.cli.demo.showing import Screen
from app.cli.demo.traps import Verdict, judge, read_traps
from app.cli.demo.world import DemoError

_SINGLE_REPORTS = 5
_WAIT_SECONDS = 10
_LINKED_WITHIN_SECONDS = 60
_LOOK_AGAIN_SECONDS = 0.1
_POLLED = 2
_OUTCOME = {
    "status": "investigation_opened",
    "message": "Thank you. Your report is part of an investigation that was opened today.",
    "internal_note": "For agencies only: no reporter reads this line.",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What every step needs. partners: all members, signed in; analyst: the one who reads leads."""

    screen: Screen
    sample: Sample
    network: Network
    partners: dict[str, Partner]
    analyst: Partner


def do_main_job(stage: Stage) -> list[str]:
    """Do it all; returns what did not go as it should."""
    _send_all(stage)
    findings = _look(stage)
    if not findings.leads:
        raise DemoError("no lead was found")
    stage.screen.leads(findings)
    _show_in_depth(stage, findings)
    verdicts = _check_traps(stage, findings)
    comparisons = _check_operations(stage, findings)
    missing = _close_the_loop(stage, findings, findings.leads[0])
    return [
        *(f"the trap {each.trap.name} did not hold" for each in verdicts if not each.held),
        *(f"{each.operation} was not found" for each in comparisons if not each.is_found),
        *missing,
    ]


def _send_all(stage: Stage) -> None:
    screen, sample, members = stage.screen, stage.sample, stage.network.members
    sectors = {members[ref].kind for ref in sample.reports}
    countries = {members[ref].country for ref in sample.reports}
    screen.step(
        f"1. {sample.report_count} reports of {len(sample.reports)} organisations from "
        f"{len(sectors)} sectors in {len(countries)} countries"
    )
    screen.say(
        f"{len(members)} organisations are enrolled; {stage.network.stop_listed} phones that they "
        "publish are on the stop-list."
    )
    started = time.monotonic()
    singles = list(sample.reports)[:_SINGLE_REPORTS]
    slowest = 0.0
    for ref in singles:
        before = time.monotonic()
        stage.partners[ref].send(sample.reports[ref][0], wait=_WAIT_SECONDS)
        slowest = max(slowest, time.monotonic() - before)
    batched = 0
    for ref, reports in sample.reports.items():
        rest = reports[1:] if ref in singles else reports
        batched += stage.partners[ref].send_batch(rest) if rest else 0
    _wait_until_linked(stage)
    screen.say(
        f"{len(singles)} were sent one by one, each linked when it was answered (at most "
        f"{slowest:.2f} s); {batched} came in batches of one organisation each. "
        f"All are linked after {time.monotonic() - started:.1f} s."
    )


def _wait_until_linked(stage: Stage) -> None:
    until = time.monotonic() + _LINKED_WITHIN_SECONDS
    while time.monotonic() < until:
        # The analyst's list would not tell: it has no leads of which nothing may be read.
        if stage.analyst.pending() == 0:
            return
        time.sleep(_LOOK_AGAIN_SECONDS)
    raise DemoError(f"not all reports were linked within {_LINKED_WITHIN_SECONDS} s")


def _look(stage: Stage) -> Findings:
    """Ask every sender about its reports and the analyst about the leads."""
    seen = [
        Seen(ref, item)
        for ref in stage.sample.reports
        for item in stage.partners[ref].own_reports()
    ]
    references = {str(each.item["id"]): each.reference for each in seen}
    analyst = stage.analyst
    leads = []
    for summary in analyst.leads(min_reports=2):
        reports = analyst.lead_reports(summary["id"])
        members = [references[str(report["id"])] for report in reports]
        links = analyst.lead_links(summary["id"])
        leads.append(Found(analyst.lead(summary["id"]), reports, links, members))
    stage.screen.step(f"2. What an analyst of {analyst.member.name} finds: leads, strongest first")
    return Findings({each.reference: each for each in seen}, leads)


def _show_in_depth(stage: Stage, findings: Findings) -> None:
    screen, lead = stage.screen, findings.leads[0]
    screen.step(f"3. The strongest lead in depth: {lead.id}")
    detail = lead.detail
    parts = ", ".join(f"{name} {value:g}" for name, value in detail["score_parts"].items())
    screen.say(
        f"Observed from {detail['first_observed']} to {detail['last_observed']}. "
        f"Score {detail['score']:g}: {parts}."
    )
    screen.say("Who contributed what, as far as this analyst may read it:")
    screen.contributions(findings, lead)
    assessment = detail["assessment"]
    screen.say(
        f"What the {assessment['reports_assessed']} readable reports add up to, how many "
        "organisations say it, and how many show it without the others:"
    )
    screen.together(lead)
    screen.say(
        f"Completeness {assessment['completeness']:.0%}; urgency: "
        f"{assessment['urgency'].replace('_', ' ')}."
    )
    screen.say(
        f"{detail['withheld_count']} of {detail['report_count']} reports are withheld from this "
        "analyst by their handling or consent."
    )
    screen.say("Why they are together (bits of evidence; those of a pair add up):")
    screen.links(findings, lead)
    screen.say(str(detail["assessment"]["note"]))


def _check_traps(stage: Stage, findings: Findings) -> list[Verdict]:
    traps = read_traps(stage.sample.description)
    verdicts = [judge(trap, findings, stage.sample.truth) for trap in traps]
    stage.screen.step(f"4. {sum(each.held for each in verdicts)} of {len(verdicts)} traps held")
    stage.screen.verdicts(verdicts)
    return verdicts


def _check_operations(stage: Stage, findings: Findings) -> list[Comparison]:
    comparisons = compare(findings, stage.sample.truth)
    found = sum(each.is_found for each in comparisons)
    stage.screen.step(f"5. {found} of {len(comparisons)} hidden operations found")
    stage.screen.comparisons(comparisons)
    return comparisons


def _close_the_loop(stage: Stage, findings: Findings, lead: Found) -> list[str]:
    """Record an outcome and poll as two of those who contributed; returns what did not arrive."""
    screen = stage.screen
    stage.analyst.record_outcome(lead.id, _OUTCOME)
    by_sender: dict[str, set[str]] = {}
    for ref in lead.members:
        by_sender.setdefault(findings.reports[ref].organisation, set()).add(ref)
    others = [ref for ref in by_sender if ref != stage.analyst.member.ref][:_POLLED]
    screen.step(f"6. The analyst records “{_OUTCOME['status']}”; {len(others)} reporters poll")
    feeds = [(stage.partners[ref], stage.partners[ref].feedback(wait=_WAIT_SECONDS))
             for ref in others]  # fmt: skip
    screen.feedback([(partner.member, items) for partner, items in feeds])
    return [
        f"feedback on {ref} did not reach {partner.member.name}"
        for partner, items in feeds
        for ref in sorted(by_sender[partner.member.ref])
        if (ref, _OUTCOME["status"], _OUTCOME["message"])
        not in {(item["external_ref"], item["status"], item["message"]) for item in items}
    ]
