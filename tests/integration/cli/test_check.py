"""`tessera check`: it says what holds and what does not, by exit code, as a table and as JSON."""

import json

import pytest

from app.storage.database import serving
from app.storage.invariants import NAMES
from tests.support.linked_sample import DEMO
from tests.support.postgres import ask

_LEAD = "(SELECT id FROM lead WHERE report_count = 1 ORDER BY id LIMIT 1)"


@pytest.fixture(scope="module")
def linked(tessera):
    """The command in a home with the demo's reports, linked."""
    tessera.run("import", DEMO)
    assert tessera.json("status", "--wait", "60")["pending"] == 0
    return tessera


@pytest.fixture
def miscounted(linked):
    """The same with one lead that counts a report too many; gives the command and the lead."""
    with serving(None, linked.home) as addresses:
        dsn = addresses.owner
        [[lead_id]] = ask(dsn, f"UPDATE lead SET report_count = 2 WHERE id = {_LEAD} RETURNING id")
        yield linked, str(lead_id)
        ask(dsn, "UPDATE lead SET report_count = 1 WHERE id = $1", lead_id)


def test_the_linked_demo_holds(linked):
    answer = linked.json("check", "--json")

    assert [each["name"] for each in answer] == list(NAMES)
    assert {(each["state"], each["count"]) for each in answer} == {("holds", 0)}
    assert all(each["meaning"] and each["of"] and each["ids"] == [] for each in answer)


def test_what_is_broken_is_named_and_the_exit_code_says_so(miscounted):
    tessera, lead_id = miscounted

    broken = {each["name"]: each for each in tessera.json("check", "--json", code=1)
              if each["state"] == "broken"}  # fmt: skip

    assert list(broken) == ["lead-counts-its-reports"]
    assert broken["lead-counts-its-reports"]["count"] == 1
    assert broken["lead-counts-its-reports"]["ids"] == [[lead_id]]


def test_the_table_names_every_invariant_and_what_breaks_it(miscounted):
    tessera, lead_id = miscounted

    table, _ = tessera.run("check", code=1)

    assert [name for name in NAMES if name not in table] == []
    assert table.count("broken") == 2
    assert f"  {lead_id}\n" in table


def test_only_what_is_asked_for_is_checked(miscounted):
    tessera, _ = miscounted

    answer = tessera.json("check", "--only", "link-adds-up", "--only", "queue-moves", "--json")

    assert {each["name"] for each in answer} == {"link-adds-up", "queue-moves"}


def test_an_invariant_that_does_not_exist_is_refused_with_those_that_do(linked):
    out, error = linked.run("check", "--only", "nonsense", code=2)

    assert out == ""
    assert "no invariant is called nonsense" in error
    assert "core-is-connected" in error


def test_work_that_waits_too_long_is_told_and_is_no_damage(quiet_home):
    quiet_home.run("db", "upgrade")
    quiet_home.run("import", DEMO)

    patient = quiet_home.json("check", "--only", "queue-moves", "--json")
    [impatient] = quiet_home.json(
        "check", "--only", "queue-moves", "--waiting-minutes", "0", "--json"
    )

    assert [each["state"] for each in patient] == ["holds"]
    assert (impatient["state"], len(impatient["ids"])) == ("look", 20)
    assert impatient["count"] == len(DEMO.read_text().splitlines())


def test_no_word_of_a_report_is_printed(miscounted):
    tessera, _ = miscounted
    words = {
        word
        for line in DEMO.read_text().splitlines()
        for word in (
            json.loads(line)["report"]["external_ref"],
            json.loads(line)["organisation"]["name"],
        )
    }

    out, error = tessera.run("check", code=1)

    assert words
    assert [word for word in words if word in out + error] == []
