from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.documents.services import ingesting, progress
from apps.documents.tests.library import Person, a_person


@pytest.fixture
def person() -> Person:
    return a_person()


@pytest.fixture
def files(settings: LazySettings, tmp_path: Path) -> Path:
    """A storage of this test alone, in a folder."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "apps.documents.storage.ContentFolder", "OPTIONS": {"location": folder}},
    }
    return folder


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a loop of its own, and what belongs to a loop with it."""
    monkeypatch.setattr(ingesting, "_ingest", None)
    monkeypatch.setattr(progress, "_progress", None)
