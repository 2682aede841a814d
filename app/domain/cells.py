"""Cells of tables that people open in a spreadsheet program."""

_STARTERS = ("=", "+", "-", "@", "\t", "\r")


def inert(cell: str) -> str:
    """The cell so that no spreadsheet program takes it for a formula: with an apostrophe before
    what would begin one (OWASP, CSV injection).
    """
    return f"'{cell}" if cell.startswith(_STARTERS) else cell
