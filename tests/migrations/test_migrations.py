"""The migrations: one head, up and down and up again, no drift, safe statements, old servers."""

import asyncio
import io
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.storage import migrating
from app.storage.database import connect
from app.storage.tables import metadata
from tests.support.apart import run_apart
from tests.support.network import Network
from tests.support.postgres import Server, ask, ask_one, migrate, owner_of
from tests.support.reports import email, report
from tests.support.service import ROOT_KEY, free_port, serving_here

ROOT = Path(__file__).parents[2]
SCRIPTS = ScriptDirectory.from_config(migrating.alembic_config())
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions("base", "heads")][::-1]
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
EXCUSED = {
    # Rule of squawk: why it does not bind here.
    "prefer-robust-stmts": "each migration runs in a transaction of its own",
    "require-timeout-settings": "env.py sets lock_timeout and statement_timeout",
    "prefer-bigint-over-int": "versions and numbers of reports, far below two thousand millions",
    "prefer-bigint-over-smallint": "grades, bits and key versions",
    "prefer-text-field": "the table is Alembic's own",
}


COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public'
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""
POLICIES = """
SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'
"""
FENCED = """
SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity
"""
FUNCTIONS = """
SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
STRUCTURE = (COLUMNS, INDEXES, CONSTRAINTS, POLICIES, FENCED, FUNCTIONS)


async def _in_sync(dsn, work):
    database = connect(dsn, connections=2)
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await database.engine.dispose()


async def _downgrade(dsn, revision):
    database = connect(dsn, connections=2)
    try:
        await migrating.downgrade(database.engine, revision=revision)
    finally:
        await database.engine.dispose()


def structure(dsn):
    """Every column, index, constraint, policy and function of a database."""
    return [sorted(tuple(row) for row in ask(dsn, statement)) for statement in STRUCTURE]


def test_there_is_one_head():
    assert len(SCRIPTS.get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_says_which_kind_of_step_it_is(revision):
    script = SCRIPTS.get_revision(revision)
    lines = [line for line in script.longdoc.splitlines() if line.strip()]
    assert lines[1].split(":")[0] in ("expand", "backfill", "contract")
    assert Path(script.path).name.startswith(f"{revision}_")


def test_every_revision_goes_up_and_down_and_up_again(empty_database):
    before = structure(empty_database)
    for revision in REVISIONS:
        run_apart(migrate(empty_database, revision))
        up = structure(empty_database)
        earlier = SCRIPTS.get_revision(revision).down_revision or "base"
        run_apart(_downgrade(empty_database, earlier))
        down = structure(empty_database)
        if earlier != "base":
            assert down == before, f"{revision} does not undo itself"
        run_apart(migrate(empty_database, revision))
        assert structure(empty_database) == up, f"{revision} differs the second time"
        before = up


def test_nothing_is_left_when_all_is_taken_back(empty_database):
    run_apart(migrate(empty_database))
    run_apart(_downgrade(empty_database, "base"))
    left = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    assert [row[0] for row in ask(empty_database, left)] == ["alembic_version"]
    assert ask(empty_database, FUNCTIONS) == []


def test_the_tables_in_the_code_are_those_of_the_migrations(fresh_database):
    def differences(connection):
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return compare_metadata(context, metadata)

    assert run_apart(_in_sync(fresh_database, differences)) == []


def test_migrating_twice_changes_nothing(fresh_database):
    before = structure(fresh_database)
    run_apart(migrate(owner_of(fresh_database)))
    assert structure(fresh_database) == before


def test_several_migrators_at_once_take_turns(empty_database):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TESSERA_")}
    own = {"TESSERA_DATABASE_URL": empty_database, "TESSERA_SECRET_KEY": ROOT_KEY}
    migrators = [
        subprocess.Popen(
            [sys.executable, "-m", "app", "db", "upgrade"],
            cwd=ROOT,
            env=kept | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [migrator.communicate(timeout=60) for migrator in migrators]
    assert [migrator.returncode for migrator in migrators] == [0, 0, 0], told
    versions = [row[0] for row in ask(empty_database, "SELECT version_num FROM alembic_version")]
    assert versions == [REVISIONS[-1]]


def test_a_migration_that_cannot_get_its_lock_gives_up(fresh_database):
    async def held():
        owner = owner_of(fresh_database)
        holder = await asyncpg.connect(owner)
        try:
            async with holder.transaction():
                await holder.execute("LOCK TABLE report IN ACCESS SHARE MODE")
                with pytest.raises(migrating.MigrationError, match="could not be locked"):
                    await asyncio.wait_for(_downgrade(owner, "base"), 20)
        finally:
            await holder.close()

    run_apart(held())
    assert ask_one(fresh_database, "SELECT count(*) FROM report") == 0


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_statements_of_a_revision_are_safe_on_a_database_in_use(revision, tmp_path):
    earlier = SCRIPTS.get_revision(revision).down_revision or "base"
    config = migrating.alembic_config()
    written = io.StringIO()
    config.output_buffer = written
    with redirect_stdout(io.StringIO()):
        command.upgrade(config, f"{earlier}:{revision}", sql=True)
    script = tmp_path / f"{revision}.sql"
    script.write_text(written.getvalue())
    assert "CREATE" in script.read_text() or "ALTER" in script.read_text()
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("squawk")),
            "--pg-version=15.0",
            f"--exclude={','.join(EXCUSED)}",
            str(script),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def postgres_15():
    """A server of PostgreSQL 15 with a role that is no superuser; the address of its database."""
    with tempfile.TemporaryDirectory(prefix="tessera-pg15-") as folder:
        Path(folder).chmod(0o777)
        data, port = Path(folder, "data"), free_port()
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        prefix = as_owner if os.geteuid() == 0 else []
        quiet = {"cwd": "/", "capture_output": True}
        subprocess.run(
            [*prefix, POSTGRES_15 / "initdb", "-D", data, "-U", "admin", "-A", "trust", "-N",
             "--encoding=UTF8", "--locale=C"], check=True, **quiet,
        )  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses='' -c fsync=off"
        control = [*prefix, POSTGRES_15 / "pg_ctl", "-D", data, "-w"]
        subprocess.run(
            [*control, "-l", Path(folder, "log"), "-o", options, "start"],
            check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            admin = f"postgresql://admin@/postgres?host={folder}&port={port}"
            ask(admin, "CREATE ROLE tessera LOGIN CREATEDB NOSUPERUSER")
            own = f"postgresql://tessera@/postgres?host={folder}&port={port}"
            yield own
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)


@pytest.mark.skipif(not POSTGRES_15.is_dir(), reason="there is no PostgreSQL 15 on this machine")
@pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root cannot become another"
)
def test_the_whole_way_works_on_postgresql_15_without_superuser_rights():
    with postgres_15() as own:
        server = Server(own)
        dsn = server.database()
        assert int(ask_one(dsn, "SHOW server_version_num")) // 10_000 == 15
        assert ask_one(dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        extensions = [row[0] for row in ask(dsn, "SELECT extname FROM pg_extension")]
        assert extensions == ["plpgsql"]
        with serving_here(dsn) as url:
            network = Network(dsn, url)
            reporter, agency = network.caller("ngo"), network.caller("law_enforcement")
            tie = email()
            first = reporter.send(report(attributes=[tie]))
            reporter.send(report(attributes=[tie]))
            (lead,) = agency.http.get("/v1/leads", params={"min_reports": 2}).json()["items"]
            path = f"/v1/leads/{lead['id']}/outcomes"
            assert agency.http.post(path, json={"status": "closed"}).status_code == 201
            assert len(reporter.http.get("/v1/feedback").json()["items"]) == 2
            assert reporter.http.delete(f"/v1/reports/{first['id']}").status_code == 204
            network.wait_until_linked()
            assert agency.http.get("/v1/leads").json()["items"][0]["report_count"] == 1
            network.close()
