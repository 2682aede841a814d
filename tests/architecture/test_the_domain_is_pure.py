"""The domain computes and does nothing else: no clock, no chance, no input or output, no async."""

import ast
from pathlib import Path

DOMAIN = Path(__file__).parents[2] / "app" / "domain"
FILES = sorted(DOMAIN.rglob("*.py"))
ALLOWED = {
    "app", "bisect", "collections", "dataclasses", "datetime", "enum", "functools", "heapq",
    "itertools", "math", "operator", "re", "string", "types", "typing", "typing_extensions",
    "unicodedata", "uuid", "base64", "binascii", "hashlib", "ipaddress", "urllib", "decimal",
    "fractions", "statistics", "contextlib", "email_validator", "icu", "idna", "normality",
    "phonenumbers", "prefixdate", "rapidfuzz", "rigour", "stdnum", "tldextract",
}  # fmt: skip
CLOCK_AND_CHANCE = {"now", "today", "utcnow", "uuid1", "uuid4", "uuid7", "open", "print", "input"}


def named(path: Path) -> str:
    """A file as it is called in the domain."""
    return path.relative_to(DOMAIN).as_posix()


def test_the_domain_imports_only_what_computes():
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found += [
                f"{named(path)} imports {name}"
                for name in names
                if name.split(".")[0] not in ALLOWED
                or (name.startswith("app.") and not name.startswith("app.domain"))
            ]
    assert found == []


def test_the_domain_asks_no_clock_and_no_chance_and_never_waits():
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            waits = isinstance(node, ast.AsyncFunctionDef | ast.Await)
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if waits or called.rpartition(".")[2] in CLOCK_AND_CHANCE:
                found.append(f"{named(path)}:{node.lineno} {called or 'async'}")
    assert found == []
