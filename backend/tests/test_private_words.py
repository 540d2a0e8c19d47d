"""The search over the whole suite's output (conftest.py) finds what it is there for."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from canaries import KEY, SECRET, leaks

BACKEND = Path(__file__).resolve().parents[1]
LEAKING = {
    "log": "logging.getLogger('service').info('key %s', KEY)",
    "facts of a log line": "logging.getLogger('service').info('asked', extra={'facts': {'key': KEY}})",
    "standard output": "print(KEY)",
    "standard error": "print(KEY, file=sys.stderr)",
    "log of a process": "(tmp_path / 'worker.log').write_text(KEY)",
    "nothing": "pass",
}

LEAKS = [
    f'{{"message": "call failed", "authorization": "Bearer {KEY}"}}',
    f"X-Internal-Secret: {SECRET}",
    "asked: why is the sky blue? [[tokens=5 rate=0]]",
    "asked: hello [[deepseek.fault=cut]]",
    'said "t0 t1 "',
]


@pytest.mark.parametrize("line", LEAKS, ids=["key", "secret", "prompt", "prompt of one provider", "answer"])
def test_each_kind_is_found_in_the_middle_of_much_else(line: str) -> None:
    assert len(leaks(f"started\n{line}\nended")) == 1


def test_what_we_do_write_is_not_taken_for_it() -> None:
    assert leaks('{"message":"request","path":"/chatbot","tokens":12,"outcome":"ok","model":"t1"}') == []


@pytest.mark.parametrize("way", LEAKING)
def test_a_leak_by_any_way_fails_a_run_whose_tests_all_pass(way: str) -> None:
    program = f"import logging\nimport sys\nfrom canaries import KEY\n\ndef test_it(tmp_path):\n    {LEAKING[way]}\n"
    # Not in this run's own folders, whose logs are searched at its end.
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test_leaking.py").write_text(program)
        plugins = ["--noconftest", "-p", "conftest", "-p", "no:cacheprovider", "-c", os.devnull]
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, "--rootdir", folder, "--basetemp", f"{folder}/temp", folder],
            cwd=folder,
            env={"PYTHONPATH": str(BACKEND)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "1 passed" in run.stdout, run.stdout + run.stderr
    assert run.returncode == (0 if way == "nothing" else 1)
    assert ("a provider's key" in run.stdout) == (way != "nothing")
