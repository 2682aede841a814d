"""What assessment costs, against linking the same kind of reports, in one run.

    uv run python -m bench.assessing [--reports 100000] [--linked 20000] [--seed 1]

Scenario reports are read as the service reads them. Each is assessed by itself without what the
service remembers of reports it has met (`screen_report`), and each true lead once over all its
reports, as its page does. The first of them are taken in and linked by the real linker in a
database of its own: only the linking counts. Linking costs more a report the more there are, so
that the ratio to a small number is the least favourable one. Measured is processor time, for
linking that of the database server too: what else the machine does changes little then.

Scenarios draw their signs for each report anew, so that few combinations come twice: what the
service remembers helps it less here than in life.
"""

import asyncio
import gc
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.api.v1.reading import read_draft
from app.cli.accepting import Door, accept_rows
from app.cli.importing import progress_bar
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.indicators import Catalogue
from app.domain.reports import Facts
from app.domain.screening import Told, age_of, concerned_by, screen, screen_report, signs_of
from app.intake.files.opening import Format, opened_file
from app.intake.preparing import Intake
from app.linking.comparing import Comparing
from app.settings import load_settings
from app.storage import embedded
from app.storage.catalogues import load_catalogue, load_model
from app.storage.database import Database, connect
from app.storage.migrating import upgrade
from app.worker.linker import Linker
from bench.linking import write_reports
from bench.measuring import (
    Figure,
    folder,
    options,
    processor_seconds,
    server_process,
    tell,
)
from bench.scenarios import generate

_MOST = 0.2
_KEY_BYTES = 48


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds a report: assessing it by itself, its share of assessing the leads,
    linking it.

    remembered: assessing it by itself as the service does. leads: how many there are.
    """

    alone: float
    remembered: float
    together: float
    linking: float
    leads: int


def assess_alone(reports: Sequence[Facts], catalogue: Catalogue, *, remember: bool) -> None:
    """Assess each report by itself, with or without the memory of those met before."""
    assess = screen_report if remember else screen_report.__wrapped__
    for facts in reports:
        assess(_told(facts), catalogue)


def assess_together(leads: Sequence[Sequence[Facts]], catalogue: Catalogue) -> None:
    """Assess each lead over all its reports."""
    for members in leads:
        signs = [
            sign
            for place, facts in enumerate(members)
            for sign in signs_of(
                facts.indicators,
                credibility=facts.credibility,
                catalogue=catalogue,
                report=str(place),
            )
        ]
        concerned = concerned_by([_told(facts) for facts in members], catalogue)
        screen(signs, concerned, catalogue).as_dict()


def _told(facts: Facts) -> Told:
    age = age_of(facts.age_groups).value
    return Told(facts.credibility, age, facts.at_risk, facts.forms, facts.indicators)


def leads_of(reports: Sequence[tuple[Facts, str | None]]) -> list[list[Facts]]:
    """The reports by true lead; one that belongs with no other is a lead of one."""
    leads: defaultdict[str, list[Facts]] = defaultdict(list)
    alone = []
    for facts, lead in reports:
        if lead is None:
            alone.append([facts])
        else:
            leads[lead].append(facts)
    return [*leads.values(), *alone]


def figures_of(cost: Cost) -> list[Figure]:
    """What was measured; the ratio is of both assessments to linking."""
    return [
        Figure("linking, a report", cost.linking * 1e6, "us"),
        Figure("assessing a report by itself, nothing remembered", cost.alone * 1e6, "us"),
        Figure("assessing a report by itself, as the service does", cost.remembered * 1e6, "us"),
        Figure(f"assessing {cost.leads} leads, a report", cost.together * 1e6, "us"),
        Figure("reports by themselves against linking", cost.alone / cost.linking),
        Figure("leads against linking", cost.together / cost.linking),
        Figure("ratio", (cost.alone + cost.together) / cost.linking, most=_MOST),
    ]


def main() -> None:
    """Measure and print."""
    arguments = options("assessing")
    arguments.add_argument("--reports", type=int, default=100_000)
    arguments.add_argument("--linked", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    wanted = arguments.parse_args()
    with folder() as place:
        cost = _measure(wanted.reports, wanted.linked, wanted.seed, place)
    settings = {"reports": wanted.reports, "linked": wanted.linked, "seed": wanted.seed}
    tell(settings, figures_of(cost), as_json=wanted.json)


def _measure(count: int, linked: int, seed: int, place: Path) -> Cost:
    linking = asyncio.run(_link(_written(linked, seed, place), linked, place))
    catalogue = load_catalogue()
    read = _read(count, seed)
    reports = [facts for facts, _ in read]
    leads = leads_of(read)
    gc.collect()
    gc.freeze()
    return Cost(
        alone=_seconds(lambda: assess_alone(reports, catalogue, remember=False)) / count,
        remembered=_seconds(lambda: assess_alone(reports, catalogue, remember=True)) / count,
        together=_seconds(lambda: assess_together(leads, catalogue)) / count,
        linking=linking / linked,
        leads=len(leads),
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _read(count: int, seed: int) -> list[tuple[Facts, str | None]]:
    found = []
    with progress_bar(f"reading {count} reports", count, in_bytes=False) as move_to:
        for number, (line, lead) in enumerate(generate(count, seed), start=1):
            found.append((read_draft(json.dumps(line["report"]).encode()).facts, lead))
            if number % 500 == 0:
                move_to(number)
    return found


def _written(count: int, seed: int, place: Path) -> Path:
    lines = (_as_line(line) for line, _ in islice(generate(count, seed), count))
    return write_reports(lines, count, place / "reports.ndjson")


def _as_line(line: Mapping[str, object]) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


async def _link(lines: Path, count: int, place: Path) -> float:
    """Take the reports in, then link them; the processor seconds of linking. Raises RuntimeError
    where not all were taken.
    """
    with embedded.running(place / "home") as dsn:
        server = await asyncio.to_thread(server_process, dsn)
        keyring = Keyring(secrets.token_bytes(_KEY_BYTES))
        database = connect(dsn, connections=4, statement_seconds=None, audit_key=keyring.audit)
        try:
            await upgrade(database.engine)
            linker = await _filled(database, keyring, lines, count)
            batch, done = load_settings().link_batch, 0
            started = time.process_time() + processor_seconds(server)
            with progress_bar(f"linking {count} reports", count, in_bytes=False) as move_to:
                while (linked := await linker.link_once(batch)) and linked.items:
                    done += linked.items
                    move_to(done)
            return time.process_time() + processor_seconds(server) - started
        finally:
            await database.engine.dispose()


async def _filled(database: Database, keyring: Keyring, lines: Path, count: int) -> Linker:
    catalogue, model = load_catalogue(), load_model()
    intake = Intake(keyring, Sealer(keyring), catalogue, model, new_id)
    with (
        opened_file(lines, Format.NDJSON, scenario=True) as source,
        progress_bar(f"taking {count} reports in", source.size, in_bytes=True) as move_to,
    ):
        door = Door(database, intake, None, chunk_done=lambda _: move_to(source.position()))
        tally = await accept_rows(source.rows, door)
    if tally.created != count:
        raise RuntimeError(f"{tally.created} of {count} reports were taken in")
    return Linker(
        database.engine,
        comparing=Comparing(model, keyring, intake.sealer),
        catalogue=catalogue,
        batch=load_settings().link_batch,
    )


if __name__ == "__main__":
    main()
