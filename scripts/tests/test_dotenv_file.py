"""The .env file that a first start writes."""

import stat
import subprocess
from pathlib import Path

from environment import PLACEHOLDER_SECRET, Environment
from scripts.dotenv_file import fill_in, write_once
from scripts.paths import ROOT

EXAMPLE = ROOT / ".env.example"


def test_has_fresh_secrets_and_nothing_else_is_changed(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    assert write_once(target, EXAMPLE)
    changed = {
        line.partition("=")[0]
        for line, before in zip(target.read_text().splitlines(), EXAMPLE.read_text().splitlines(), strict=True)
        if line != before
    }
    assert changed == {"SECRET_KEY", "FASTAPI_SECRET", "POSTGRES_PASSWORD"}
    assert PLACEHOLDER_SECRET not in target.read_text()
    assert len(Environment.load({"LAMLA_ENV_FILE": str(target)}).text("SECRET_KEY")) >= 32


def test_gateway_and_worker_get_the_same_secret_also_in_a_shell(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    write_once(target, EXAMPLE)
    (secret,) = Environment.load({"LAMLA_ENV_FILE": str(target)}).secrets("FASTAPI_SECRET", exposed=True)
    lines = [line for line in target.read_text().splitlines() if line.startswith("FASTAPI_SECRET=")]
    assert [line.split()[0] for line in lines] == [f"FASTAPI_SECRET={secret}"] * 2
    script = f'set -eua; . "{target}"; printf %s "$FASTAPI_SECRET"'
    assert subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout == secret


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    write_once(tmp_path / ".env", EXAMPLE)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_one_that_is_there_is_never_touched(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    target.write_text("DEEPSEEK_API_KEY=mine\n")
    assert not write_once(target, EXAMPLE)
    assert target.read_text() == "DEEPSEEK_API_KEY=mine\n"


def test_two_are_never_alike() -> None:
    assert fill_in("SECRET_KEY=...") != fill_in("SECRET_KEY=...")
