"""The lock of a version of the protocol: what its files meant when it was released.

It covers what reports rely on: the indicators, the rules, the checklists and the codes of the
extensions. Texts may still be corrected and reviewed, wherever they stand, and mappings and
profiles say nothing about what a report means.
"""

import csv
import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCK = "lock.toml"
_TEXTS = frozenset({"texts", "label_en"})
"""Tables and columns of the files that are texts."""


def digests(files: Path) -> dict[str, str]:
    """By path within the folder of a version, SHA-256 (hex) of what a file says: its rows or
    tables as JSON with sorted keys, without texts. Comments and layout do not count.
    """
    found = {}
    for path in _covered(files):
        text = path.read_text(encoding="utf-8")
        tables: list[dict[str, Any]] = list(csv.DictReader(text.splitlines(keepends=True)))
        if path.suffix == ".toml":
            tables = [tomllib.loads(text)]
        meaning = [
            {key: value for key, value in table.items() if key not in _TEXTS} for table in tables
        ]
        plain = json.dumps(meaning, sort_keys=True, ensure_ascii=False).encode()
        found[path.relative_to(files).as_posix()] = hashlib.sha256(plain).hexdigest()
    return found


def lock_of(files: Path, *, released: bool = True) -> str:
    """The text of the lock that says what the files mean now."""
    lines = [f"released = {'true' if released else 'false'}", "", "[sha256]"]
    lines += [f'"{path}" = "{digest}"' for path, digest in digests(files).items()]
    return "\n".join(lines) + "\n"


def check_lock(files: Path) -> None:
    """Raise ValueError, naming the files, where a released version is not as it was released."""
    if found := differences(files):
        raise ValueError(f"{files.name} is released and may not change: {', '.join(found)}")


def differences(files: Path) -> tuple[str, ...]:
    """What of a released version is not as it was released: path and what happened to it. Empty
    for one that is not released yet. Raises ValueError where the lock is missing or says nothing.
    """
    path = files / LOCK
    if not path.exists():
        raise ValueError(f"{files.name}/{LOCK} is missing")
    lock = tomllib.loads(path.read_text(encoding="utf-8"))
    released, locked = lock.get("released"), lock.get("sha256", {})
    if not isinstance(released, bool):
        raise ValueError(f"{files.name}/{LOCK}: released must be true or false")  # noqa: TRY004 - faults of data are ValueError
    if not released:
        return ()
    present = digests(files)
    return tuple(
        f"{name} {_happened(locked.get(name), present.get(name))}"
        for name in sorted(present.keys() | locked.keys())
        if locked.get(name) != present.get(name)
    )


def _happened(locked: str | None, present: str | None) -> str:
    if present is None:
        return "is missing"
    return "is not in the lock" if locked is None else "was changed"


def _covered(files: Path) -> Iterator[Path]:
    yield files / "indicators.csv"
    yield files / "overrides.toml"
    for folder in ("checklists", "extensions"):
        yield from sorted((files / folder).glob("*.toml"))
