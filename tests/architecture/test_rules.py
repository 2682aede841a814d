"""What no linter says: sizes, who ends transactions, docstrings, callers, statuses, logged keys."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

from app.api.auth import PUBLIC_ROUTES, assert_every_route_has_a_caller
from app.api.problems import STATUS_OF
from app.domain.errors import DomainError
from app.main import create_app
from app.observability import logging as product_logging
from tests.support.service import settings_for

ROOT = Path(__file__).parents[2]
APP = sorted((ROOT / "app").rglob("*.py"))
MIGRATIONS = sorted((ROOT / "migrations").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST = {"app": 400, "tests": 600}
TRANSACTIONS = {"begin", "begin_nested", "commit", "rollback", "begin_twophase"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|for now\b|pragma: no cover")


def named(path: Path) -> str:
    """A file as it is called in the repository."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_layers_are_kept():
    """Why: a layer that reaches upwards cannot be tested, replaced or understood by itself."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(done.stdout[done.stdout.find("Contracts") :])


def test_no_file_is_longer_than_a_person_reads():
    """Why: a file holds one idea. A migration may be as long as the schema that it makes."""
    long = {
        named(path): lines
        for path in [*APP, *TESTS]
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > LONGEST[named(path).split("/")[0]]
    }
    assert long == {}, "split by idea"


def _calls(path: Path):
    """Every call in a file, with the text of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def test_only_the_session_module_begins_and_ends_transactions():
    """Why: who commits in the middle of a use case breaks what its caller holds together."""
    found = [
        f"{named(path)}:{node.lineno}"
        for path in APP
        if named(path) != "app/storage/session.py"
        for node, called in _calls(path)
        if "." in called and called.rpartition(".")[2] in TRANSACTIONS
    ]
    assert found == [], "use reading() or writing()"


def _silent(path: Path):
    module = tree(path)
    if not ast.get_docstring(module):
        yield "the module"
    for node in module.body:
        defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if defines and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.name


def test_everything_public_says_what_it_means():
    """Why: a public name is a promise, and its docstring is the promise in words."""
    assert [f"{named(path)}: {name}" for path in APP for name in _silent(path)] == []


def _left_for_later(path: Path):
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and UNFINISHED.search(token.string):
            yield token.start[0]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield node.lineno


def test_nothing_is_left_for_later():
    """Why: what is not done belongs into an issue, where somebody finds it."""
    files = [path for path in [*APP, *MIGRATIONS, *TESTS] if path != Path(__file__)]
    assert [f"{named(path)}:{line}" for path in files for line in _left_for_later(path)] == []


def test_only_keys_of_the_allow_list_are_logged():
    """Why: any other key is dropped, and so the line says less than its author thinks."""
    lines, slips = 0, []
    for path in APP:
        for node, called in _calls(path):
            if not called.startswith("_LOG."):
                continue
            lines += 1
            keys = {keyword.arg for keyword in node.keywords}
            fixed = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
            if keys - product_logging._ALLOWED or not fixed:
                slips.append(f"{named(path)}:{node.lineno}")
    assert lines > 3
    assert slips == []


def test_every_log_is_structured():
    """Why: print and the plain logger know no allow-list. Commands print their results."""
    found = [
        f"{named(path)}:{node.lineno}"
        for path in APP
        for node, called in _calls(path)
        if called == "logging.getLogger"
        or (called == "print" and not named(path).startswith("app/cli/"))
    ]
    assert found == []


@pytest.fixture(scope="module")
def app():
    """The application, put together and not started."""
    return create_app(
        settings_for("postgresql://nobody@localhost/nowhere"),
        "postgresql://nobody@localhost/nowhere",
    )


def test_every_route_has_a_caller_or_is_public(app):
    """Why: a route that forgot its caller is open to anybody."""
    assert_every_route_has_a_caller(app)


def test_a_route_without_a_caller_does_not_start(app):
    @app.get("/v1/open-by-mistake")
    def open_by_mistake():
        return None

    with pytest.raises(RuntimeError, match=r"GET /v1/open-by-mistake has no caller"):
        assert_every_route_has_a_caller(app)


def test_what_is_public_shows_no_report_and_no_lead():
    shown = {path for _, path in PUBLIC_ROUTES}
    assert not [path for path in shown if re.match(r"/v1/(reports|leads|feedback|audit)", path)]


def _all_errors(error=DomainError):
    for child in error.__subclasses__():
        yield child
        yield from _all_errors(child)


def test_every_expected_error_has_a_status_a_code_and_a_title():
    """Why: an error without a status fails while it is being told. What commands refuse among
    themselves never gets near HTTP.
    """
    own = [
        error
        for error in _all_errors()
        if error.__module__.startswith("app.") and not error.__module__.startswith("app.cli.")
    ]
    assert own
    assert [error.__name__ for error in own if error not in STATUS_OF] == []
    assert len({error.code for error in own}) == len(own)
    for error in own:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code), error.__name__
        assert error.title != DomainError.title, error.__name__
        assert 300 <= STATUS_OF[error] < 600


def test_services_are_one_use_case_a_file_with_one_public_function_of_its_name():
    """Why: who looks for what the product does finds it by the name of the file."""
    for path in (ROOT / "app" / "services").glob("[a-z]*.py"):
        public = [
            node.name
            for node in tree(path).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
        ]
        assert public == [path.stem], f"{named(path)} offers {public}"


def test_no_file_names_a_machine_or_a_registry():
    """Why: a clone is of use to whoever has it, wherever it lies."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    pattern = re.compile(r"/wo" + r"rk/|/ro" + r"ot/")
    found = [
        name
        for name in tracked
        if name != "uv.lock"
        and (ROOT / name).suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".json", ""}
        and (ROOT / name).is_file()
        and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
