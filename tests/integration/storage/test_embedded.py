"""The embedded PostgreSQL under real processes: who shares it, who ends it, what it survives."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from app.storage import embedded
from app.storage.embedded import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    in_database,
    running,
)

USER = """
import sys
from pathlib import Path
from app.storage.embedded import running
with running(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def template():
    """A home whose database is made and stopped, to be copied: making one takes a second."""
    with tempfile.TemporaryDirectory(prefix="tessera-test-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder, "var")
        with running(home):
            pass
        yield home


@pytest.fixture
def home(template, tmp_path):
    copy = tmp_path / "var"
    shutil.copytree(template, copy)
    yield copy
    process = postmaster(copy)
    if process:
        os.kill(process, signal.SIGQUIT)


@pytest.fixture
def start_user():
    """Start another process that uses the server under a home until its input ends."""
    started = []

    def start(home):
        user = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", USER, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(user)
        return user

    yield start
    for user in started:
        user.kill()
        user.communicate()


def leave(user):
    user.communicate(timeout=30)
    assert user.returncode == 0


def lives(process):
    """A process that ended has no command line, even while nobody has collected it yet."""
    try:
        return bool(Path("/proc", str(process), "cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


def postmaster(home):
    """The number of the server's process, 0 when none runs."""
    try:
        number = int((home / "postgres/postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return 0
    return number if lives(number) else 0


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def impatient(wait, done, *, seconds):
    return wait(done, seconds=min(seconds, 0.5))


async def ask(dsn, *statements):
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        return [await connection.fetchval(statement) for statement in statements]
    finally:
        await connection.close()


async def test_a_fresh_home_gets_postgresql_18_with_durable_and_quiet_settings(tmp_path):
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "shared_buffers": "256MB",
        "max_connections": "100",
        "wal_compression": "pglz",
        "jit": "off",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "data_checksums": "on",
        "server_encoding": "UTF8",
    }
    home = tmp_path / "not" / "yet" / "there"
    with running(home) as dsn:
        shown = await ask(dsn, *(f"SHOW {name}" for name in wanted))
        version, role, database, rights = await ask(
            dsn,
            "SHOW server_version_num",
            "SELECT current_user",
            "SELECT current_database()",
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
        )
    assert dict(zip(wanted, shown, strict=True)) == wanted
    assert int(version) // 10_000 == 18
    assert (role, database, rights) == ("tessera", "tessera", False)
    assert postmaster(home) == 0
    assert not list(home.glob("postgres.new-*"))


async def test_the_role_makes_and_drops_databases_of_its_own(home):
    with running(home) as dsn:
        await ask(in_database(dsn, "postgres"), 'CREATE DATABASE "a b/c"')
        other = in_database(dsn, "a b/c")
        assert await ask(other, "SELECT current_database()") == ["a b/c"]
        await ask(in_database(dsn, "postgres"), 'DROP DATABASE "a b/c"')


async def test_users_share_one_server_and_the_last_one_out_stops_it(home, start_user):
    first, second = start_user(home), start_user(home)  # at the same instant
    dsns = {first.stdout.readline(), second.stdout.readline()}
    server = postmaster(home)
    with running(home) as dsn:
        assert {dsn + "\n"} == dsns
        leave(first)
        assert await ask(dsn, "SELECT 1") == [1]
    assert postmaster(home) == server
    leave(second)
    assert postmaster(home) == 0


def test_a_killed_user_does_not_keep_the_server_alive(home, start_user):
    killed, other = start_user(home), start_user(home)
    assert killed.stdout.readline()
    assert other.stdout.readline()
    killed.kill()
    killed.wait()
    assert postmaster(home)
    leave(other)
    assert postmaster(home) == 0


def test_a_server_whose_only_user_was_killed_serves_the_next_one(home, start_user):
    killed = start_user(home)
    assert killed.stdout.readline()
    server = postmaster(home)
    killed.kill()
    killed.wait()
    with running(home):
        assert postmaster(home) == server
    assert postmaster(home) == 0


def test_a_forked_process_keeps_the_server_after_its_parent_left(home):
    with EmbeddedPostgres(home) as server:
        # It holds a copy of our lock as a forked worker would, without forking pytest itself.
        worker = subprocess.Popen(
            ["/bin/sh", "-c", "read line"],
            stdin=subprocess.PIPE,
            pass_fds=[server._hold.fileno()],
        )
    assert postmaster(home)
    worker.communicate(b"\n")
    with running(home):
        pass
    assert postmaster(home) == 0


async def test_committed_rows_survive_the_death_of_the_server_and_its_users_go_on(home):
    with EmbeddedPostgres(home) as server:
        await ask(server.dsn(), "CREATE TABLE kept (n int)")
        await ask(server.dsn(), "INSERT INTO kept SELECT generate_series(1, 1000)")
        killed = postmaster(home)
        os.kill(killed, signal.SIGKILL)
        server.ensure_running()
        assert postmaster(home) not in (0, killed)
        assert await ask(server.dsn(), "SELECT count(*) FROM kept") == [1000]
    assert postmaster(home) == 0


async def test_a_busy_session_of_a_killed_server_does_not_prevent_the_next_start(home, monkeypatch):
    """It never waits, hence never notices; PostgreSQL refuses to start until it is gone."""
    monkeypatch.setattr(embedded, "_wait", partial(impatient, embedded._wait))
    busy = "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b"
    with EmbeddedPostgres(home) as server:
        connection = await asyncpg.connect(server.dsn())
        session = connection.get_server_pid()
        # Stopped, it takes no request to cancel: the time-out ends our side only.
        os.kill(postmaster(home), signal.SIGSTOP)
        with pytest.raises(TimeoutError):
            await connection.execute(busy, timeout=0.5)
        os.kill(postmaster(home), signal.SIGKILL)
        assert lives(session)
        server.ensure_running()
        connection.terminate()
        assert await ask(server.dsn(), "SELECT 1") == [1]
        assert not lives(session)


def test_a_stale_process_number_that_another_process_has_now_is_no_obstacle(home):
    (home / "postgres/postmaster.pid").write_text(
        f"{os.getpid()}\n{home}/postgres\n1700000000\n5432\n{home}/postgres\n\n 1 1\nready\n"
    )
    with running(home):
        assert postmaster(home) != os.getpid()


def test_nobody_else_on_the_machine_reaches_the_socket(home):
    with running(home) as dsn:
        folder = Path(dsn.partition("host=")[2])
        assert mode(folder) == 0o700
        assert mode(folder / ".s.PGSQL.5432") == 0o700
        owner = (home / "postgres").stat().st_uid
    # For root a number of its own: neither root's nor the "nobody" that other services run as.
    assert owner in (embedded._SERVICE_IDS if os.geteuid() == 0 else [os.geteuid()])


@pytest.mark.parametrize("name", ["d" * 120, "comma, quote \" and $(touch bad) it's"])
async def test_a_home_whose_path_does_not_fit_a_socket_works(template, tmp_path, name):
    home = tmp_path / name / "var"
    shutil.copytree(template, home)
    with running(home) as dsn:
        folder = dsn.partition("host=")[2]
        assert await ask(dsn, "SELECT 1") == [1]
        assert folder == f"/tmp/{EmbeddedPostgres(home)._mark}"
        assert mode(folder) == 0o700
    shutil.rmtree(folder)


def test_a_socket_folder_made_by_someone_else_is_refused(template, tmp_path):
    home = tmp_path / ("d" * 120) / "var"
    shutil.copytree(template, home)
    squatted = Path("/tmp", EmbeddedPostgres(home)._mark)
    squatted.mkdir(mode=0o755)
    squatted.chmod(0o777)
    try:
        with pytest.raises(EmbeddedPostgresError, match="not a private folder of ours"):
            EmbeddedPostgres(home).__enter__()
    finally:
        squatted.rmdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: (data / "PG_VERSION").write_text("16\n"), "of PostgreSQL 16, this is 18"),
        (lambda data: (data / "PG_VERSION").unlink(), "holds no PostgreSQL data"),
        (lambda data: (data / "postgresql.conf").write_text("nonsense = on\n"), "contains errors"),
        (lambda data: (data / "global/pg_control").unlink(), "pg_control"),
    ],
    ids=["other version", "no version", "wrong setting", "damaged"],
)
def test_data_that_cannot_be_used_give_one_line_that_says_why(home, spoil, message):
    spoil(home / "postgres")
    with pytest.raises(EmbeddedPostgresError, match=message) as caught, running(home):
        pass
    assert "\n" not in str(caught.value)
    assert postmaster(home) == 0


def test_a_home_that_is_a_file_gives_one_line(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(EmbeddedPostgresError, match=r"^no embedded PostgreSQL: [^\n]+var$"):
        EmbeddedPostgres(tmp_path / "var").__enter__()


async def test_a_refused_statement_leaves_no_value_in_any_log(home):
    with running(home) as dsn:
        for statement in (
            "SELECT 'Zuzana'::int",
            "SELECT Zuzana",
            "DO $$BEGIN RAISE 'Zuzana'; END$$",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await ask(dsn, statement)
    logs = [*home.glob("postgres*.log"), *home.glob("postgres/log/*")]
    assert any("ready to accept connections" in log.read_text() for log in logs)
    assert not any("Zuzana" in log.read_text() for log in logs)


@pytest.fixture
def closed_programs(tmp_path, monkeypatch):
    """The wheel's programs as root with umask 077 would have installed them in its own folder."""
    wheel = embedded._programs().parents[1]
    for folder in (wheel / "pginstall18", wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(folder, tmp_path / folder.relative_to(wheel.parent))
    for path in tmp_path.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    programs = tmp_path / wheel.name / "pginstall18/bin"
    monkeypatch.setattr(embedded, "_programs", lambda: programs)


def powers(home):
    """The capabilities of the server, as bits of linux/capability.h."""
    status = Path("/proc", str(postmaster(home)), "status").read_text()
    assert not re.search(r"^Uid:\s+0\s", status, re.MULTILINE)
    return int(re.search(r"CapEff:\s+(\S+)", status)[1], 16)


ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1 << 1, 1 << 2


@ONLY_ROOT
@pytest.mark.parametrize(
    ("opened", "allowed"),
    [(0o755, [0]), (0o700, [CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE])],
    ids=["open", "closed"],
)
def test_roots_server_has_a_capability_only_where_a_folder_is_closed(template, opened, allowed):
    with tempfile.TemporaryDirectory(prefix="tessera-test-") as folder:
        Path(folder).chmod(opened)
        home = Path(folder, "var")
        shutil.copytree(template, home)
        with running(home):
            assert powers(home) in allowed
        assert mode(folder) == opened


@ONLY_ROOT
async def test_roots_server_works_from_programs_that_only_root_can_reach(tmp_path, closed_programs):
    home = tmp_path / "var"
    with running(home) as dsn:
        assert await ask(dsn, "SELECT 1") == [1]
        assert powers(home) == CAP_DAC_OVERRIDE
