"""The processes of this machine, as /proc tells of them (Linux only)."""

from pathlib import Path


def lives(process: int) -> bool:
    """Whether it runs. One that ended has no command line, even while nobody has collected it."""
    try:
        return bool(Path("/proc", str(process), "cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(parent: int) -> list[int]:
    """The processes that a process started and that live (proc(5): the fourth field of `stat`,
    counted after the name, which may hold anything).
    """
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent and fields[0] not in "ZX":
            found.append(int(entry.name))
    return found
