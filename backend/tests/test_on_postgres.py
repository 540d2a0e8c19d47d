"""One code path for both databases: what the apps' tests ask of SQLite holds on Postgres too."""

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import running_postgres

REPOSITORY = Path(__file__).resolve().parents[2]
# What an archive may hold is refused before the database hears of it.
REFUSALS = "*/archive/tests/test_import*"


def test_the_tests_that_use_the_database_pass_on_postgres(tmp_path: Path) -> None:
    only = ["-m", "django_db", "-q", "--basetemp", str(tmp_path / "inner")]
    command = [sys.executable, "-m", "pytest", "backend/apps", f"--ignore-glob={REFUSALS}", *only]
    with running_postgres() as postgres:
        env = {**os.environ, "DATABASE_URL": postgres.url}
        run = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stdout[-4000:]
    assert " passed" in run.stdout
