"""The template report as a PDF, set by Typst with the fonts that its wheel carries.

The document travels as JSON in an input of the compiler and is never part of the source, so that
no text of a report can be read as markup. The source reads no file and no package.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import app
from app.domain.template.document import Document, Entry

_FOLDER = Path(app.__file__).parent / "data" / "template"
_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN"})
"""The scripts that Libertinus Serif, New Computer Modern and DejaVu Sans Mono have between them."""
_LONG_WORD = re.compile(r"\S{25}(?=\S)")


class PaperError(Exception):
    """The document could not be set. Nothing of it is told."""


def render_paper(document: Document) -> bytes:
    """The PDF, tagged for screen readers, its fonts embedded. Raises PaperError."""
    import typst  # large, and needed where a PDF is asked for

    try:
        made = typst.Compiler(
            _source(), root=str(_FOLDER), ignore_system_fonts=True, sys_inputs=_inputs(document)
        ).compile(format="pdf")
    except typst.TypstError:
        raise PaperError from None  # what it says may quote the document
    if not isinstance(made, bytes):
        raise PaperError
    return made


def _inputs(document: Document) -> dict[str, str]:
    return {"document": json.dumps(_as_json(document), ensure_ascii=False)}


@cache
def _source() -> bytes:
    return (_FOLDER / "report.typ").read_bytes()


def _as_json(document: Document) -> dict[str, object]:
    """The document with its long words in pieces, between which a line may end."""
    shown = document._asdict()
    shown["unshown"] = document.unshown if _lacks_letters(document) else ""
    shown["parts"] = [
        {
            "title": part.title,
            "hint": part.hint,
            "answers": part.answers,
            "signs": [
                {
                    "title": table.title,
                    "rows": [row._asdict() | {"note": _pieces(row.note)} for row in table.rows],
                }
                for table in part.signs
            ],
            "groups": [
                {"title": group.title, "entries": [_entry(each) for each in group.entries]}
                for group in part.groups
            ],
        }
        for part in document.parts
    ]
    return shown


def _entry(entry: Entry) -> dict[str, object]:
    return entry._asdict() | {"value": _pieces(entry.value)}


def _pieces(text: str) -> list[str]:
    """A text in pieces; a line may end between two of them. Only what no line could hold is cut."""
    pieces, begin = [], 0
    for found in _LONG_WORD.finditer(text):
        pieces.append(text[begin : found.end()])
        begin = found.end()
    return [*pieces, text[begin:]] if text else []


def _lacks_letters(document: Document) -> bool:
    """Whether a value has letters of a script that the fonts do not have."""
    if not document.filled:
        return False
    values = [
        text
        for part in document.parts
        for text in (
            *(each.value for group in part.groups for each in group.entries),
            *(row.note for table in part.signs for row in table.rows),
        )
    ]
    return any(_is_unknown(letter) for letter in set("".join(values)) if letter > "\u024f")


def _is_unknown(letter: str) -> bool:
    if not unicodedata.category(letter).startswith("L"):
        return False
    return unicodedata.name(letter, "UNNAMED").partition(" ")[0] not in _SCRIPTS
