"""`tessera audit`: it says whether the access log is as it was written, by exit code and as JSON."""

import json

import pytest

from app.crypto.audit_chain import CHAINS
from app.storage.database import serving
from tests.support.linked_sample import DEMO
from tests.support.postgres import ask


@pytest.fixture(scope="module")
def filled(tessera):
    """The command in a home with the demo's reports, and so many entries in the log."""
    tessera.run("import", DEMO)
    assert tessera.json("status", "--wait", "60")["pending"] == 0
    with serving(None, tessera.home) as server:
        [[entries]] = ask(server.owner, "SELECT count(*) FROM audit_entry")
    return tessera, entries


def tamper(tessera, *statements):
    """Change the log as an owner of the database can."""
    with serving(None, tessera.home) as server:
        for switch in ("DISABLE", "ENABLE ALWAYS"):
            for trigger in ("audit_entry_is_append_only", "audit_head_stays", "audit_head_goes_on"):
                table = trigger.rpartition("_is_")[0] or "audit_head"
                ask(server.owner, f"ALTER TABLE {table} {switch} TRIGGER {trigger}")
            if switch == "DISABLE":
                for statement in statements:
                    ask(server.owner, statement)


def test_a_log_as_it_was_written_is_verified(filled):
    tessera, entries = filled
    assert entries > 0
    assert tessera.json("audit", "verify") == {"entries": entries, "fault_count": 0, "faults": []}


def test_a_checkpoint_holds_the_ends_of_all_chains_and_is_verified(filled, tmp_path):
    tessera, entries = filled
    kept = tmp_path / "checkpoint.json"
    kept.write_text(tessera.run("audit", "checkpoint")[0])
    heads = json.loads(kept.read_text())["heads"]
    assert len(heads) == CHAINS
    assert sum(head["sequence"] for head in heads) == entries
    assert tessera.json("audit", "verify", "--checkpoint", kept)["fault_count"] == 0


@pytest.mark.parametrize("text", ["", "{}", '{"heads": [], "signature": "00"}'])
def test_what_is_no_checkpoint_is_refused(filled, tmp_path, text):
    wrong = tmp_path / "wrong.json"
    wrong.write_text(text)
    _, told = filled[0].run("audit", "verify", "--checkpoint", wrong, code=2)
    assert "wrong.json: not a checkpoint" in told
    _, told = filled[0].run("audit", "verify", "--checkpoint", tmp_path / "none", code=2)
    assert "none: " in told


def test_an_edit_is_found_and_the_exit_code_says_so(filled):
    tessera, _ = filled
    first = "(chain, sequence) = (SELECT chain, sequence FROM audit_entry ORDER BY at, id LIMIT 1)"
    with serving(None, tessera.home) as server:
        [[chain, sequence]] = ask(
            server.owner, f"SELECT chain, sequence FROM audit_entry WHERE {first}"
        )
    tamper(tessera, f"UPDATE audit_entry SET at = at - interval '1 hour' WHERE {first}")
    answer = tessera.json("audit", "verify", code=1)
    assert answer["fault_count"] == 1
    assert [(each["chain"], each["sequence"]) for each in answer["faults"]] == [(chain, sequence)]
    tamper(tessera, f"UPDATE audit_entry SET at = at + interval '1 hour' WHERE {first}")
    assert tessera.json("audit", "verify")["fault_count"] == 0


def test_what_the_command_line_does_is_in_the_log(filled):
    tessera, entries = filled
    organisation = tessera.organisation()
    client = tessera.json("client", "add", "--org", organisation, "--scope", "reports:write")
    tessera.run("client", "rotate", "--client", client["client_id"])
    tessera.run("client", "disable", "--client", client["client_id"])
    who = ["--issuer", "https://idp.example", "--sub", "nora@police.example"]
    person = tessera.json("person", "block", *who)["person"]
    tessera.run("person", "block", *who, code=2)
    tessera.run("person", "unblock", *who)
    tessera.run("stoplist", "add", "phone", "+421 905 000 199")
    tessera.run("stoplist", "remove", "phone", "+421 905 000 199")
    with serving(None, tessera.home) as server:
        told = ask(server.owner, "SELECT * FROM audit_entry ORDER BY id OFFSET $1", entries)
    assert [(row["action"], row["actor"], row["subject"]) for row in told] == [
        ("organisation_added", "cli", None),
        ("client_added", "cli", client["client_id"]),
        ("secret_rotated", "cli", client["client_id"]),
        ("client_disabled", "cli", client["client_id"]),
        ("person_blocked", "cli", person),
        ("person_unblocked", "cli", person),
        ("stoplist_added", "cli", None),
        ("stoplist_removed", "cli", None),
    ]
    assert all(str(row["objects"][0]) == organisation for row in told[:4])
    assert "905" not in str([tuple(row) for row in told])
    assert "nora" not in str([tuple(row) for row in told])
    assert tessera.json("audit", "verify")["entries"] == entries + 8
