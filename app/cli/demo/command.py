"""The demo from beginning to end; what it does is in `steps`."""

import asyncio
import signal
from typing import Annotated, NoReturn

import httpx2
import typer

from app.cli.demo.network import Member, Network, enrol_network
from app.cli.demo.partner import Partner
from app.cli.demo.sample import Sample, read_sample
from app.cli.demo.showing import Screen
from app.cli.demo.steps import Stage, do_main_job
from app.cli.demo.world import DemoError, Service, free_port, fresh_place, running_service
from app.cli.importing import INTERRUPTED
from app.cli.running import readable_failures, refuse, settings_or_exit

_AGENCY = "law_enforcement"


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="exit at the end: 0 if all went well")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="port of the service; another if it is taken")
    ] = 8000,
) -> None:
    """See the main job on real input: reports of many organisations go in over HTTP, leads come
    out with their reasons, an outcome is recorded, and feedback reaches the reporters.

    All of it happens in a home of its own under TESSERA_HOME, made anew each time: your own
    data is not touched. Then the service keeps running for you to look around, until Ctrl-C.
    """
    base = settings_or_exit().home
    failures: list[str] | None = None
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with readable_failures(), fresh_place(base) as place:
            number = free_port(port)
            screen = Screen()
            sample = read_sample()
            screen.say(f"Starting PostgreSQL and the service under {place.home} …")
            with (
                running_service(place, number) as service,
                httpx2.Client(base_url=service.url, timeout=60, trust_env=False) as client,
            ):
                network = asyncio.run(enrol_network(sample, place.settings(port=number)))
                service.wait_until_ready(client)
                stage = _signed_in(screen, client, sample, network)
                failures = do_main_job(stage)
                _show_result(stage, service, failures, once=once)
                if not once:
                    service.wait_for_end()
    except DemoError as error:
        refuse(str(error), 1)
    except httpx2.HTTPError as error:
        refuse(f"the service does not answer: {type(error).__name__}", 1)
    except KeyboardInterrupt:
        if failures is None:
            refuse("interrupted", INTERRUPTED)
    raise SystemExit(1 if failures else 0)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _signed_in(screen: Screen, client: httpx2.Client, sample: Sample, network: Network) -> Stage:
    members = network.members
    partners = {ref: Partner(client, member) for ref, member in members.items()}
    agency = next(ref for ref, member in members.items() if member.kind == _AGENCY)
    return Stage(screen, sample, network, partners, partners[agency])


def _show_result(stage: Stage, service: Service, failures: list[str], *, once: bool) -> None:
    screen, url = stage.screen, service.url
    screen.step("All went well." if not failures else "Not all went well:")
    for failure in failures:
        screen.say(f"  {failure}")
    screen.step("To look further")
    if once:
        # The service ends now: addresses and credentials of it would be good for nothing.
        screen.say(
            "Run `tessera demo` without --once: the service stays up, and the commands and "
            "tokens to ask it with are printed here."
        )
        return
    lead = stage.analyst.leads(min_reports=2)[0]["id"]
    screen.raw(f"Documentation: {url}/docs")
    screen.raw(f"TOKEN={stage.analyst.token}")
    bearer = '-H "Authorization: Bearer $TOKEN"'
    purpose = "-H 'Purpose: investigation'"
    screen.raw(f"curl -s {bearer} '{url}/v1/leads?min_reports=2'")
    for part in ("", "/reports", "/links", "/history"):
        screen.raw(f"curl -s {bearer} {purpose} {url}/v1/leads/{lead}{part}")
    reporter = _reporter_of(stage, lead)
    who = f"{reporter.credentials.client_id}:{reporter.credentials.client_secret}"
    screen.say(f"As {reporter.name}, one of the reporters of that lead:")
    screen.raw(f"TOKEN={stage.partners[reporter.ref].token}")
    screen.raw(f"curl -s {bearer} {url}/v1/feedback")
    screen.raw(f"curl -s {bearer} {url}/v1/reports")
    screen.say("The tokens are good for an hour and for this demo alone. For another:")
    screen.raw(f"curl -s -u {who} -d grant_type=client_credentials {url}/v1/oauth/token")
    screen.say("Ctrl-C ends the demo.")


def _reporter_of(stage: Stage, lead_id: str) -> Member:
    """One who contributed to a lead and is not the analyst."""
    senders = {
        (item["ask"] if item["withheld"] else item["organisation"])["name"]
        for item in stage.analyst.lead_reports(lead_id)
    }
    return next(
        member
        for ref, member in stage.network.members.items()
        if member.name in senders and ref != stage.analyst.member.ref
    )
