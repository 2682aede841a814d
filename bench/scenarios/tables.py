"""The tables under `data/`: text, one row a line; a line that begins with "# " explains."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


def rows(name: str) -> list[str]:
    """The rows of a table."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("# ")]
