"""Whether an Office Open XML file may be unpacked and parsed, before anything in it is.

What an archive says of its entries bounds what comes out of them: Python's zipfile gives no more
of an entry than its stated size.
"""

from pathlib import Path
from zipfile import ZipFile, ZipInfo

from app.intake.files.rows import FileRefusedError

MOST_BYTES = 256 << 20
"""Of all entries, unpacked: the texts of a workbook are held in memory."""
MOST_ENTRIES = 2000
HIGHEST_RATIO = 200
"""A full workbook packs 5 to 20 times, an empty one of many rows some 60 times; a bomb, of one
byte repeated, a thousand times."""
_SMALL = 4 << 20
"""Up to here an entry does no harm, however well it packs."""
_CHUNK = 1 << 20
_TYPE_DECLARATION = b"<!DOCTYPE"


def require_harmless(path: Path) -> None:
    """Raise FileRefusedError where the archive unpacks to too much, or unlike any workbook, or has
    a part with a document type: Office Open XML knows none (ECMA-376, part 2), and its
    entities could grow without bounds.

    Raises what zipfile does where it is no archive, or a damaged one.
    """
    with ZipFile(path) as archive:
        entries = archive.infolist()
        _require_bounds(entries)
        for entry in entries:
            _require_no_document_type(archive, entry)


def _require_bounds(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise FileRefusedError(f"it has more than {MOST_ENTRIES} parts")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise FileRefusedError(f"it unpacks to more than {MOST_BYTES >> 20} MiB")
    for entry in entries:
        if entry.file_size > max(_SMALL, entry.compress_size * HIGHEST_RATIO):
            raise FileRefusedError(f"a part of it unpacks to more than {HIGHEST_RATIO} times")


def _require_no_document_type(archive: ZipFile, entry: ZipInfo) -> None:
    """Look through a part, in UTF-8 as in UTF-16, in bounded memory."""
    before = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            text = chunk.replace(b"\0", b"") if b"\0" in chunk else chunk
            if _TYPE_DECLARATION in before + text:
                raise FileRefusedError("a part of it has a document type, as no Excel file has")
            before = text[-len(_TYPE_DECLARATION) :]
