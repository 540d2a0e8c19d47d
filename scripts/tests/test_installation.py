"""What the first start says when it cannot go on, and what it leaves out when nothing has changed."""

import ctypes
import errno
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import python_packages, system_packages, tasks
from scripts.paths import ROOT
from scripts.stamps import digest, files_below, is_current
from scripts.steps import Stop, run_step
from scripts.tests.processes import happens, is_running
from scripts.user_interface import node_is_enough

PIP_WITHOUT_NETWORK = (
    "WARNING: Retrying after connection broken by 'NewConnectionError(Failed to establish a new connection: "
    "[Errno -3] Temporary failure in name resolution)'"
)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full: free some"),
        ("npm error code ENOSPC", "The disk is full: free some"),
        (PIP_WITHOUT_NETWORK, "Packages could not be downloaded: check the network"),
        ("npm error code ENOTFOUND", "Packages could not be downloaded: check the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "A downloaded package is not the one that was locked"),
        ("something else", "Trying: failed; the lines above and var/log/test-step.log say why."),
    ],
    ids=["pip-disk", "npm-disk", "pip-network", "npm-network", "hash", "unknown"],
)
def test_a_step_that_fails_ends_in_a_sentence_that_helps(
    output: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Stop, match=sentence[:40]) as reason:
        run_step("Trying", ["sh", "-c", 'echo "$0" >&2; exit 1', output], log="test-step")
    assert str(reason.value).startswith(sentence)
    assert output in capsys.readouterr().err


def test_a_step_that_works_prints_two_lines_only(capsys: pytest.CaptureFixture[str]) -> None:
    run_step("Trying", ["sh", "-c", "seq 1000"], log="test-step")
    assert capsys.readouterr().out == "Trying …\n  done in 0 s\n"


def test_sigterm_ends_the_running_step_and_its_children() -> None:
    code = (
        "from scripts import tasks; from scripts.steps import run_step\n"
        "command = ['sh', '-c', 'sleep 600 & echo $!; wait']\n"
        "tasks.COMMANDS['run'] = lambda: run_step('Waiting', command, log='test-wait')\n"
        "raise SystemExit(tasks.main(['run']))"
    )
    log = ROOT / "var" / "log" / "test-wait.log"
    log.unlink(missing_ok=True)
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Waiting …\n"
        assert happens(lambda: log.exists() and log.read_text().endswith("\n"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 143
    sleeper = int(log.read_text())
    assert happens(lambda: not is_running(sleeper))


def test_too_little_disk_space_is_said_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(python_packages, "VENV_PYTHON", tmp_path / "none")
    with pytest.raises(Stop, match=r"Too little disk space: 0\.9 GB are free and 1\.5 GB are needed"):
        python_packages.ensure_space(900_000_000)
    python_packages.ensure_space(1_600_000_000)


def test_a_python_without_venv_is_told_which_package_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(python_packages, "VENV_PYTHON", tmp_path / "none")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Stop, match=r"apt-get install python3\.\d+-venv"):
        python_packages.ensure_environment()


def test_a_full_disk_at_our_own_writes_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write() -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(tasks.COMMANDS, "run", write)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert tasks.main(["run"]) == 1
    assert capsys.readouterr().err.startswith("The disk is full")


def test_without_a_browser_and_rights_the_way_to_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Stop, match="apt-get install chromium"):
        system_packages.ensure_browser()


def test_without_openmp_and_rights_the_way_to_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Stop, match="apt-get install libgomp1"):
        system_packages.ensure_openmp()


def test_without_ocr_and_rights_the_way_to_it_is_said_and_the_start_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(system_packages, "OCR_OFFERED", tmp_path / "offered")
    with pytest.raises(Stop, match="apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-fra"):
        system_packages.ensure_ocr()
    system_packages.offer_ocr()
    assert "apt-get install tesseract-ocr" in capsys.readouterr().out
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    system_packages.offer_ocr()  # not tried at each start
    assert "tesseract is not here" in capsys.readouterr().out


def test_ocr_counts_as_there_with_both_languages_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tesseract = tmp_path / "tesseract"
    monkeypatch.setattr(shutil, "which", lambda name: str(tesseract) if name == "tesseract" else None)
    for languages, is_there in (("eng osd", False), ("eng fra osd", True)):
        tesseract.write_text(f"#!/bin/sh\nprintf '%s\\n' 'List of available languages (3):' {languages}\n")
        tesseract.chmod(0o755)
        if is_there:
            system_packages.ensure_ocr()
        else:
            with pytest.raises(Stop, match="tesseract-ocr-fra"):
                system_packages.ensure_ocr()


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v24.19.0", True), ("v22.12.0", True), ("v22.11.0", False), ("v20.20.0", False), ("", False)],
    ids=["24", "22.12", "22.11", "20", "none"],
)
def test_a_node_that_is_too_old_is_not_used(version: str, *, enough: bool) -> None:
    assert node_is_enough(version) is enough


def test_a_stamp_holds_until_a_source_changes_comes_or_goes(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "source").write_text("1")
    (tmp_path / "node_modules").mkdir()

    def current() -> str:
        return digest(files_below(tmp_path, without=frozenset({"node_modules"})))

    seen = [current()]
    (tmp_path / "node_modules" / "package").touch()
    assert current() == seen[0]
    (tmp_path / "deep" / "source").write_text("2")
    seen.append(current())
    (tmp_path / "new").touch()
    seen.append(current())
    (tmp_path / "deep" / "source").rename(tmp_path / "moved")
    seen.append(current())
    assert len(set(seen)) == 4


def test_a_stamp_that_is_missing_or_of_other_sources_is_not_current(tmp_path: Path) -> None:
    assert not is_current(tmp_path / "stamp", "a")
    (tmp_path / "stamp").write_text("a")
    assert is_current(tmp_path / "stamp", "a")
    assert not is_current(tmp_path / "stamp", "b")
