"""Flat columns: which field of a report each column stands for, and a row of cells as a report.

Columns of a group are numbered from 1 (`person_2_phones`). A cell of a list column holds its
values with semicolons between them. Text that is not of the form a field wants is passed on as it
is, so that the refusal comes from the rules of the report and names its place. Files are not
read here.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.intake.files.rows import FileRefusedError

_Value: TypeAlias = str | int | float | bool | list[str]
_Reader: TypeAlias = Callable[[str], _Value]
_DECIMAL = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,20})?")
_INTEGER = re.compile(r"\d{1,3}")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_GROUP = re.compile(r"(person|organisation|vehicle|attribute)_([1-9]\d{0,2})_([a-z_]+)")
_MOST_NAMED = 10


def _text(cell: str) -> _Value:
    return cell


def _list(cell: str) -> _Value:
    return [part for piece in cell.split(";") if (part := piece.strip())]


def _decimal(cell: str) -> _Value:
    """A number; many spreadsheets write a decimal comma."""
    return float(cell.replace(",", ".")) if _DECIMAL.fullmatch(cell) else cell


def _integer(cell: str) -> _Value:
    return int(cell) if _INTEGER.fullmatch(cell) else cell


def _flag(cell: str) -> _Value:
    return _FLAGS.get(cell.casefold(), cell)


def _texts(names: str) -> dict[str, _Reader]:
    return dict.fromkeys(names.split(), _text)


def _lists(names: str) -> dict[str, _Reader]:
    return dict.fromkeys(names.split(), _list)


_OF_REPORT = _texts("external_ref observed_from observed_to language narrative") | _lists(
    "forms indicators route"
)
_OF_PART: dict[str, dict[str, _Reader]] = {
    "place": _texts("country nuts locality address") | {"lat": _decimal, "lon": _decimal},
    "source": _texts("reliability channel") | {"credibility": _integer},
    "handling": _texts("code tlp") | _lists("share_with"),
    "consent": _texts("basis note") | _lists("scopes") | {"victim_informed": _flag},
    "safety": {"do_not_contact": _flag, "at_risk": _flag},
}
_UNPREFIXED = "place"
_DOCUMENT = "document_"
_OF_GROUP: dict[str, dict[str, _Reader]] = {
    "person": _texts(
        "role name given_name family_name birth_date age_group sex nationality "
        "document_kind document_number document_country"
    )
    | _lists("aliases languages phones emails profiles"),
    "organisation": _texts("role name registration_number country address")
    | _lists("phones emails urls"),
    "vehicle": _texts("plate country vin description"),
    "attribute": _texts("kind value token role country platform note"),
}

_Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """path: where the value goes; a number in it is an entry of a list."""

    name: str
    path: _Path
    read: _Reader


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file, in order."""

    columns: Sequence[_Column]

    def report_of(self, cells: Sequence[str]) -> tuple[dict[str, object], dict[str, str]]:
        """The report that a row of cells describes, and from which column each JSON pointer of
        it comes. Empty cells are left out, and so is a group without any.
        """
        tree: _Tree = {}
        for column, cell in zip(self.columns, cells, strict=False):
            text = cell.strip()
            if text:
                _plant(tree, column.path, _Leaf(column.name, column.read(text)))
        origins: dict[str, str] = {}
        return {str(key): _grown(node, f"/{key}", origins) for key, node in tree.items()}, origins


def layout_of(header: Sequence[str]) -> Layout:
    """The layout that a header describes. Raises FileRefusedError, naming the columns that are
    unknown or there twice.
    """
    names = [cell.strip().casefold() for cell in header]
    while names and not names[-1]:
        names.pop()
    found = [_column(name) for name in names]
    unknown = [
        _quoted(given) for given, column in zip(header, found, strict=False) if column is None
    ]
    if unknown:
        raise FileRefusedError(f"unknown columns: {_listing(unknown)}")
    twice = [_quoted(name) for name, n in Counter(names).items() if n > 1]
    if twice:
        raise FileRefusedError(f"columns that stand there twice: {_listing(twice)}")
    return Layout([column for column in found if column is not None])


def known_columns(header: Sequence[str]) -> int:
    """How many of these columns are known."""
    return sum(_column(cell.strip().casefold()) is not None for cell in header)


def _column(name: str) -> _Column | None:
    if name in _OF_REPORT:
        return _Column(name, (name,), _OF_REPORT[name])
    if name in _OF_PART[_UNPREFIXED]:
        return _Column(name, (_UNPREFIXED, name), _OF_PART[_UNPREFIXED][name])
    part, _, field = name.partition("_")
    if part != _UNPREFIXED and field in _OF_PART.get(part, {}):
        return _Column(name, (part, field), _OF_PART[part][field])
    group = _GROUP.fullmatch(name)
    if group is None or group[3] not in _OF_GROUP[group[1]]:
        return None
    entry: _Path = (f"{group[1]}s", int(group[2]))
    read = _OF_GROUP[group[1]][group[3]]
    if group[1] == "person" and group[3].startswith(_DOCUMENT):
        return _Column(name, (*entry, "documents", 1, group[3].removeprefix(_DOCUMENT)), read)
    return _Column(name, (*entry, group[3]), read)


@dataclass(frozen=True, slots=True)
class _Leaf:
    column: str
    value: _Value


_Node: TypeAlias = "_Leaf | _Tree"
_Tree: TypeAlias = dict[str | int, "_Node"]


def _plant(tree: _Tree, path: _Path, leaf: _Leaf) -> None:
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        assert isinstance(below, dict)  # noqa: S101 - no path is the beginning of another
        tree = below
    tree[path[-1]] = leaf


def _grown(node: _Node, pointer: str, origins: dict[str, str]) -> object:
    """The JSON value of a node. Numbered entries close up: a list has no gaps."""
    if isinstance(node, _Leaf):
        origins[pointer] = node.column
        return node.value
    if any(isinstance(key, int) for key in node):
        entries = sorted(node.items())
        return [_grown(e, f"{pointer}/{place}", origins) for place, (_, e) in enumerate(entries)]
    return {str(key): _grown(below, f"{pointer}/{key}", origins) for key, below in node.items()}


def _quoted(name: str) -> str:
    """A column's name so that it can be printed, whatever it is."""
    return ascii(name.strip()[:40]) if not name.isprintable() else f"“{name.strip()[:40]}”"


def _listing(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
