"""Stamps: the hash of what a step was made from, so that the step runs again only when that has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *, extra: str = "") -> str:
    """Hash names and contents of `files` (in any order) together with `extra`."""
    whole = hashlib.sha256(extra.encode())
    for file in sorted(files):
        whole.update(str(file).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def files_below(folder: Path, *, without: frozenset[str]) -> list[Path]:
    """All files of a folder, leaving out the folders that bear a name of `without`."""
    found: list[Path] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in without:
                found += files_below(entry, without=without)
        else:
            found.append(entry)
    return found


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted
