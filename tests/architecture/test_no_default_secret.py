"""No secret is there before somebody made it: not in settings, not in code, not in what deploys."""

import ast
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
SECRET = re.compile(
    r"(secret|password|passwd|pepper|api_?key|private_?key|root_?key)", re.IGNORECASE
)
TOLD = {"SECRET_ROTATED", "_SECRET_PREFIX"}
"""Names of things about secrets: an act, and a prefix by which scanners of leaks know ours."""


def test_no_setting_has_a_secret_as_its_default():
    secret = [
        name
        for name, field in Settings.model_fields.items()
        if SECRET.search(name) or "SecretStr" in str(field.annotation)
    ]
    assert {"secret_key", "database_url"} <= set(secret)
    assert [name for name in secret if Settings.model_fields[name].default is not None] == []


def _texts_given_to_secrets(path):
    """Names of secrets that a literal text is bound to, by assignment, argument or default."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        pairs = []
        if isinstance(node, ast.Assign):
            pairs = [(ast.unparse(target), node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign):
            pairs = [(ast.unparse(node.target), node.value)]
        elif isinstance(node, ast.Call):
            pairs = [(keyword.arg or "", keyword.value) for keyword in node.keywords]
            if ast.unparse(node.func) == "SecretStr":
                pairs += [("secret", argument) for argument in node.args]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = node.args.args[len(node.args.args) - len(node.args.defaults) :]
            pairs = [(arg.arg, value) for arg, value in zip(given, node.args.defaults, strict=True)]
        for name, value in pairs:
            is_text = isinstance(value, ast.Constant) and isinstance(value.value, str | bytes)
            if is_text and value.value and SECRET.search(name) and name not in TOLD:
                yield name, value.value


def test_no_code_gives_a_secret_a_text():
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for name, text in _texts_given_to_secrets(path)
        if not re.fullmatch(r"[a-z]+\.key", text)  # where one is kept
    ]
    assert found == []


def test_the_search_finds_a_secret(tmp_path):
    file = tmp_path / "bad.py"
    file.write_text('client_secret = "hunter2"\nconnect(password="x")\nSecretStr("y")\n')
    assert len(list(_texts_given_to_secrets(file))) == 3


@pytest.mark.parametrize("name", [".env.example", "compose.yaml", "Dockerfile", "alembic.ini"])
def test_nothing_that_deploys_brings_a_secret(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    value = r"(?i)^[^#{\n]*(SECRET_KEY|PASSWORD|PASSWD)[=:][ \t]*([^\s$\"'].*)$"
    assert [match[0] for match in re.finditer(value, text, re.MULTILINE)] == []


@pytest.mark.parametrize("key", [None, "Tr0ub4dor&3", "x" * 64, "changeme" * 8, "0123456789" * 5])
def test_without_a_random_root_key_nothing_starts_on_an_own_server(key):
    settings = Settings(
        _env_file=None,
        database_url=SecretStr("postgresql://nobody@localhost/nowhere"),
        secret_key=key and SecretStr(key),
    )
    with pytest.raises(SettingsError, match="TESSERA_SECRET_KEY") as caught:
        settings.root_key()
    assert key is None or key not in str(caught.value)
