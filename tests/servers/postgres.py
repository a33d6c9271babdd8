"""A throw-away PostgreSQL in a folder of its own, reached through a Unix socket."""

import getpass
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from sqlalchemy import text

OPTIONS = "-h '' -c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=60"


def server_folder() -> Path | None:
    """Give the folder of the newest installed PostgreSQL programs, or none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Run a server as long as the block lasts and give its address up to the database name's place `{database}`."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has 107 characters at most
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        _run(f"{programs}/initdb -D {folder}/data -U postgres -A trust -E UTF8 --locale=C --no-sync")
        _run(f"{programs}/pg_ctl -D {folder}/data -w -l {folder}/log -o {shlex.quote(f'-k {folder} {OPTIONS}')} start")
        try:
            yield f"postgresql://postgres@/{{database}}?host={folder}"
        finally:
            _run(f"{programs}/pg_ctl -D {folder}/data -w -m immediate stop")
    finally:
        shutil.rmtree(folder)


def restart_server(programs: Path, address: str, mode: str) -> None:
    """Stop a running server in a mode of `pg_ctl`, where `immediate` is a crash, and start it again."""
    folder = address.partition("host=")[2]
    _run(f"{programs}/pg_ctl -D {folder}/data -w -m {mode} -l {folder}/log restart")


def create_database(address: str, name: str, template: str = "template1") -> str:
    """Create a database and give its address."""
    engine = sqlalchemy.create_engine(address.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return address.format(database=name)


def drop_database(address: str, name: str) -> None:
    """Remove a database with whoever is connected to it."""
    engine = sqlalchemy.create_engine(address.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _run(command: str) -> None:
    is_root = getpass.getuser() == "root" or os.geteuid() == 0
    words = ["su", "postgres", "-s", "/bin/bash", "-c", command] if is_root else ["bash", "-c", command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", timeout=60)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
