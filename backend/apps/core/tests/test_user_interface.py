"""The page that every address of the UI gets."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client


@pytest.fixture
def html(tmp_path: Path, settings: LazySettings) -> Path:
    settings.UI_DIR = tmp_path
    file = tmp_path / "index.html"
    file.write_text("<!doctype html><title>Lamla</title>")
    return file


def test_a_browser_that_has_the_page_is_told_so_until_there_is_another(client: Client, html: Path) -> None:
    first = client.get("/")
    assert (first.status_code, first.content, first["Cache-Control"]) == (200, html.read_bytes(), "no-cache")
    known = {"If-None-Match": first["ETag"]}
    again = client.get("/library", headers=known)
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "no-cache")
    html.write_text("<!doctype html><title>A newer Lamla</title>")
    newer = client.get("/", headers=known)
    assert (newer.status_code, newer.content) == (200, html.read_bytes())
