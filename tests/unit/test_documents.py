"""The documents say what the code does: settings, commands, routes, errors, files and links."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from prometheus_client import REGISTRY
from pydantic import SecretStr

from app.api.problems import STATUS_OF
from app.cli.main import app as command_line
from app.main import create_app
from app.settings import PREFIX, Settings
from app.storage.tables import metadata

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(p for d in ("docs", "app", "bench") for p in ROOT.glob(f"{d}/**/*.md"))]
)
SETTINGS = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}
_FENCE = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"(?<![\w./:@-])tessera ([a-z-][^`|;&)#\n]*)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT))
)


def _code(document: Path) -> Iterator[str]:
    text = document.read_text()
    yield from _FENCE.findall(text)
    yield from _SPAN.findall(_FENCE.sub("", text))


def _default(name: str) -> str:
    default = SETTINGS[name].default
    return "" if default is None else str(default)


def test_the_table_of_settings_lists_exactly_the_settings_with_their_defaults():
    section = (
        (ROOT / "docs/deployment.md").read_text().split("\n## Settings\n")[1].split("\n## ")[0]
    )
    rows = re.findall(r"^\| `(TESSERA_\w+)` \| (?:unset|`([^`]*)`) \|", section, re.MULTILINE)

    assert dict(rows) == {name: _default(name) for name in SETTINGS}


def test_the_example_of_an_env_file_lists_exactly_the_settings_with_their_defaults():
    text = (ROOT / ".env.example").read_text()
    shown = re.findall(r"^(?:# )?(TESSERA_\w+)=(.*)$", text, re.MULTILINE)

    assert dict(shown) == {name: _default(name) for name in SETTINGS}
    assert len(shown) == len(SETTINGS)


def test_the_example_of_an_env_file_has_no_working_secret():
    secrets = {name for name, field in SETTINGS.items() if SecretStr in _members(field.annotation)}
    lines = (ROOT / ".env.example").read_text().splitlines()

    assert secrets
    assert {f"{name}=" for name in secrets} <= set(lines)


def _members(annotation: object) -> tuple[object, ...]:
    return getattr(annotation, "__args__", (annotation,))


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, ROOT / "compose.yaml", ROOT / "Dockerfile", ROOT / ".env.example"],
    ids=lambda p: str(p.relative_to(ROOT)),
)  # fmt: skip
def test_only_settings_that_exist_are_named(document: Path):
    named = set(re.findall(r"\bTESSERA_[A-Z_]+[A-Z]\b", document.read_text()))

    assert named <= set(SETTINGS)


@each_document
def test_only_commands_and_options_that_exist_are_named(document: Path):
    calls = [call for code in _code(document) for call in _CALL.findall(code)]

    assert [call for call in calls if _is_unknown(call)] == []


def _is_unknown(call: str) -> bool:
    """Whether a call (without the program's name) names a command or option that is none."""
    command = typer.main.get_command(command_line)
    for word in call.split():
        commands = getattr(command, "commands", None)
        if word == "--help":
            return False
        if word.startswith("--"):
            options = {
                text for each in command.params for text in (*each.opts, *each.secondary_opts)
            }
            if word.split("=")[0] not in options:
                return True
        elif commands is not None:
            if word not in commands:
                return True
            command = commands[word]
    return False


@cache
def _routes() -> frozenset[str]:
    service = create_app(Settings(_env_file=None), "postgresql://nowhere")
    return frozenset(re.sub(r"\{\w+\}", "{}", path) for path in service.openapi()["paths"])


@pytest.mark.parametrize(
    "name", ["README.md", "docs/api.md", "CHANGELOG.md", "docs/architecture.md"]
)
def test_only_routes_that_exist_are_named(name: str):
    text = re.sub(r"\$LEAD|\$SECTOR|\{\w+\}", "{}", (ROOT / name).read_text()).replace("$API", "")
    named = {path.rstrip("/") for path in re.findall(r"(?<![\w.])/v1/[\w/{}-]+", text)}

    assert named
    assert named <= _routes()


def test_the_table_of_errors_is_the_table_of_the_code():
    text = (ROOT / "docs/api.md").read_text()
    rows = re.findall(r"^\| ([\d, ]+) \| (`[a-z`, -]+`) \|", text, re.MULTILINE)
    shown = {(code, status) for numbers, codes in rows
             for code in re.findall(r"[a-z-]+", codes) for status in re.findall(r"\d+", numbers)}  # fmt: skip
    true = {(error.code, str(status)) for error, status in STATUS_OF.items()}

    assert true <= shown
    assert {code for code, _ in shown} == {code for code, _ in true}


def test_the_table_of_tables_names_exactly_the_tables():
    section = (
        (ROOT / "docs/architecture.md").read_text().split("\n## Tables\n")[1].split("\n## ")[0]
    )
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)

    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(metadata.tables)


def test_only_metrics_that_exist_are_named():
    named = set(re.findall(r"`(tessera_\w+)`", (ROOT / "docs/deployment.md").read_text()))
    known = {f"{m.name}_total" if m.type == "counter" else m.name for m in REGISTRY.collect()}

    assert named
    assert named <= known


@each_document
def test_every_relative_link_leads_somewhere(document: Path):
    broken = []
    for target in _LINK.findall(_FENCE.sub("", document.read_text())):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = (document.parent / path).resolve() if path else document
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)

    assert broken == []


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_every_file_of_the_code_that_is_named_exists(document: Path):
    named = re.findall(r"\b((?:app|migrations|tests|bench)/[\w./-]+\.\w+)\b", document.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_decision_is_linked_from_their_list():
    pages = {page.name for page in (ROOT / "docs/adr").glob("0*.md")}
    linked = set(_LINK.findall((ROOT / "docs/adr/README.md").read_text()))

    assert pages
    assert pages == linked


def test_only_targets_of_make_that_exist_are_named():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = {word for words in re.findall(r"`make ([a-z ]+)", text) for word in words.split()}

    assert named - {"m"} <= targets


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_text()
    articles = [int(number) for number in re.findall(r"^(\d+)\.\s*[A-Z]", text, re.MULTILINE)]

    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert articles == list(range(1, 16))
    assert "Appendix" in text.split("Applicable Law")[-1]
