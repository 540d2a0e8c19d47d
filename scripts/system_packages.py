"""What comes from the system and not from a package of ours: a browser, OpenMP, and what reads scanned pages."""

import ctypes
import os
import shutil
import subprocess
import sys

from scripts.paths import VENV
from scripts.steps import Stop, run_step, say

OCR_LANGUAGES = ("eng", "fra")
OCR_OFFERED = VENV / ".offered-ocr"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """The Chromium to drive: the one that CHROMIUM names, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser() -> None:
    """Install Chromium where that is possible without asking. Raises: Stop with the way to get it elsewhere."""
    if not find_browser():
        _install(
            "chromium",
            otherwise="The tests of the UI need a Chromium, and none was found: install one "
            "(Debian, Ubuntu: sudo apt-get install chromium), or name yours with CHROMIUM=/path/to/chrome.",
        )


def ensure_openmp() -> None:
    """Install the OpenMP library that llama.cpp computes with. Raises: Stop with the way to get it elsewhere."""
    if sys.platform == "linux" and not _has_openmp():
        _install(
            "libgomp1",
            otherwise="The built-in model needs the OpenMP library libgomp.so.1, which is not here: install it "
            "(Debian, Ubuntu: sudo apt-get install libgomp1; Fedora: sudo dnf install libgomp), "
            "or set a provider's key or LOCAL_LLM_BASE_URL in .env.",
        )


def ensure_ocr() -> None:
    """Install tesseract, which reads scanned pages and photos. Raises: Stop with the way to get it elsewhere."""
    if not _has_ocr():
        packages = ["tesseract-ocr", *(f"tesseract-ocr-{language}" for language in OCR_LANGUAGES)]
        _install(
            *packages,
            otherwise="Scanned pages and photos are read by tesseract, and it is not here for English and French: "
            f"install it (Debian, Ubuntu: sudo apt-get install {' '.join(packages)}; Fedora: sudo dnf install "
            "tesseract tesseract-langpack-fra; macOS: brew install tesseract tesseract-lang).",
        )


def offer_ocr() -> None:
    """As `ensure_ocr`, tried once; where that does not work it is said, and all else goes on."""
    if _has_ocr():
        return
    if OCR_OFFERED.exists():
        say("Scanned pages and photos cannot be read, since tesseract is not here; the README says how to install it.")
        return
    try:
        ensure_ocr()
    except Stop as reason:
        say(f"{reason} Lamla starts without it.")
        OCR_OFFERED.touch()


def _has_ocr() -> bool:
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        return False
    told = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True)  # noqa: S603  the system's own
    return set(OCR_LANGUAGES) <= set((told.stdout + told.stderr).split())


def _has_openmp() -> bool:
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return False
    return True


def _install(*packages: str, otherwise: str) -> None:
    """Install packages of Debian's kind as root. Raises: Stop with `otherwise` when we may not, or how it failed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(otherwise)
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    run_step("Reading the list of system packages", ["apt-get", "update", "-q"], log="apt-update", env=env)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    run_step(f"Installing {packages[0]} with apt", command, log=f"apt-{packages[0]}", env=env)
