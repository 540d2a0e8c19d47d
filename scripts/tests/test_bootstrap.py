"""The way from `make` to a Python that will do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bootstrap import refusal
from scripts.paths import ROOT

TOO_OLD = ("3.10", "3.9", "3.8", "3.7", "3.6")


def old_pythons() -> list[str]:
    """Interpreters of this machine that are too old, and run."""
    beside = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [str(path) for version in TOO_OLD for path in beside.glob(f"{version}.*/bin/python")]
    candidates += [path for version in TOO_OLD if (path := shutil.which(f"python{version}"))]
    return [path for path in candidates if subprocess.run([path, "-c", ""], capture_output=True).returncode == 0]


def run_with(path: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = ["/bin/sh", str(ROOT / "scripts" / "with_python.sh"), "no-such-command"]
    return subprocess.run(command, capture_output=True, text=True, env={"PATH": path, **variables})


@pytest.fixture
def fake_path(tmp_path: Path) -> Path:
    """A PATH with the few commands that the script needs, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for command in ("dirname", "sh"):
        found = shutil.which(command)
        assert found
        (folder / command).symlink_to(found)
    return folder


def add_python(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 2), (4, 0, 0)], ids=str)
def test_takes_3_11_and_newer(version: tuple[int, int, int]) -> None:
    assert refusal(version, "python") == ""


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 6, 15), (2, 7, 18)], ids=str)
def test_refuses_an_older_one_in_one_sentence_that_says_what_to_do(version: tuple[int, int, int]) -> None:
    sentence = refusal(version, "/usr/bin/python3")
    assert "needs Python 3.11 or newer" in sentence
    assert "/usr/bin/python3 is " + ".".join(map(str, version)) in sentence
    assert "PYTHON=" in sentence
    assert "\n" not in sentence


@pytest.mark.skipif(not old_pythons(), reason="no older Python on this machine; the sentence is tested above")
def test_real_old_pythons_say_the_sentence_and_no_syntax_error() -> None:
    for python in old_pythons():
        done = run_with(os.environ["PATH"], PYTHON=python)
        assert done.returncode == 1
        assert "Lamla needs Python 3.11 or newer" in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_machine_without_any_python_is_told_to_install_one(fake_path: Path) -> None:
    done = run_with(str(fake_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Lamla needs Python 3.11 or newer and found none: install one")
    assert done.stderr.count("\n") == 1


def test_a_python_that_is_named_but_missing_is_told(fake_path: Path) -> None:
    done = run_with(str(fake_path), PYTHON="/no/such/python")
    assert done.returncode == 1
    assert done.stderr.startswith("PYTHON=/no/such/python is no Python that runs")
    assert done.stderr.count("\n") == 1


def test_passes_over_commands_that_are_there_and_do_not_run(fake_path: Path) -> None:
    add_python(fake_path, "python3.13", "echo 'command not found' >&2; exit 127")
    add_python(fake_path, "python3.12", "exit 1")
    add_python(fake_path, "python3", f'exec "{sys.executable}" "$@"')
    done = run_with(str(fake_path))
    assert done.returncode == 2
    assert done.stderr.startswith("Commands: run, ")
