"""`tessera evaluate`: the figures of a scenario, in a database that leaves no trace."""

import asyncio
import json
import signal
import time

import asyncpg
import pytest

from app.domain.linkage.quality import measure_quality
from app.storage.database import serving


def entry(organisation, reference, phone=None, **more):
    sender = {"ref": organisation, "name": "Invented", "kind": "ngo", "country": "SK"}
    report = {"external_ref": reference, "observed_from": "2026-03-01", **more}
    if phone:
        report["attributes"] = [{"kind": "phone", "value": phone}]
    return {"organisation": sender, "report": report}


PHONES = ("+421905348172", "+421905348173")
ENTRIES = [
    entry("ngo-1", "1", PHONES[0]),
    entry("ngo-2", "1", PHONES[0]),
    entry("ngo-2", "2", PHONES[1]),
    entry("ngo-3", "3", PHONES[1]),
    entry("ngo-3", "4", PHONES[1]),
    entry("ngo-3", "5"),
    entry("ngo-3", "bad", observed_from="never"),
]
# The truth has three of a, of which one carries another phone; one alone has that phone too.
TRUTH = {
    ("ngo-1", "1"): ("a", "1"),
    ("ngo-2", "1"): ("a", "1"),
    ("ngo-2", "2"): ("a", "2"),
    ("ngo-3", "3"): ("", "2"),
    ("ngo-3", "4"): ("b", "2"),
    ("ngo-3", "5"): ("", None),
    ("ngo-3", "bad"): ("b", None),
}


@pytest.fixture
def truth(tmp_path):
    path = tmp_path / "truth.csv"
    lines = [f"{organisation},{ref},{lead}" for (organisation, ref), (lead, _) in TRUTH.items()]
    path.write_text("\n".join(["organisation,external_ref,lead", *lines]))
    return path


def databases(tessera):
    """The databases of evaluations that are there."""

    async def names(dsn):
        connection = await asyncpg.connect(dsn)
        found = await connection.fetch("SELECT datname FROM pg_database")
        await connection.close()
        return [row[0] for row in found if row[0].startswith("tessera_evaluation")]

    with serving(None, tessera.home) as addresses:
        return asyncio.run(names(addresses.owner))


def test_the_figures_are_those_of_the_partition_that_the_service_makes(tessera, write, truth):
    before = tessera.json("status")
    answer = tessera.json("evaluate", write(ENTRIES), truth, "--json")
    expected = measure_quality(TRUTH.values())
    assert answer["pairwise"] == {
        "precision": expected.pairwise.precision,
        "recall": expected.pairwise.recall,
        "f1": expected.pairwise.f1,
    }
    assert answer["bcubed"]["precision"] == pytest.approx(expected.bcubed.precision)
    assert answer["bcubed"]["recall"] == pytest.approx(expected.bcubed.recall)
    assert answer["largest_false_merge"] == {"reports": 3, "true_leads": 3}
    assert answer["alone_left_alone"] == 0.5
    assert (answer["reports"], answer["accepted"], answer["not_accepted"]) == (7, 6, 1)
    assert answer["missing"] == 1
    assert tessera.json("status") == before
    assert databases(tessera) == []


def test_without_json_it_is_a_table(tessera, write, truth):
    out, error = tessera.run("evaluate", write(ENTRIES), truth)
    assert "B-cubed" in out
    assert "Largest false merge: 3 reports of 3 true leads" in out
    assert "\x1b" not in out + error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_its_database_is_dropped_when_it_is_interrupted(tessera, write, truth, number):
    path = write([entry("ngo-1", str(n), narrative="x" * 300) for n in range(30_000)])
    process = tessera.start("evaluate", path, truth)
    until = time.monotonic() + 30
    while not databases(tessera) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(number)
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (130, "", "tessera: interrupted\n")
    assert databases(tessera) == []


def test_files_of_another_form_end_with_2_and_leave_no_database(tessera, write, truth, tmp_path):
    (tmp_path / "empty.csv").write_text("organisation,external_ref,lead\n")
    plain = write([json.loads('{"external_ref": "1"}')], "plain.ndjson")
    for arguments, reason in (
        ((write(ENTRIES), tmp_path / "empty.csv"), "names no report"),
        ((plain, truth), "name no organisation"),
        ((truth, truth), "a scenario is NDJSON"),
    ):
        out, error = tessera.run("evaluate", *arguments, code=2)
        assert out == ""
        assert reason in error
        assert error.count("\n") == 1
    assert databases(tessera) == []
