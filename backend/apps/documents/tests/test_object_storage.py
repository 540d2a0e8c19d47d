"""The bytes of files in a storage like S3, set by one variable: the same services, over its protocol."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage

from apps.core.errors import NotFound, Unavailable
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, RemovedFile
from apps.documents.services.deleting import document_delete, removed_files_delete
from apps.documents.storage import bytes_keep, bytes_open, bytes_remove
from apps.documents.tests.library import Person, uploaded
from apps.documents.tests.object_storage import ObjectStorage, running_object_storage
from environment import ConfigurationError
from lamla.settings.documents import object_storage

LARGE = os.urandom(9 * 2**20)  # boto3 sends it in parts


@pytest.fixture
def objects(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStorage]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with running_object_storage() as running:
        url = f"s3://bucket/lamla?endpoint={running.url}&region=region-1"
        settings.STORAGES = {**settings.STORAGES, "default": object_storage(url)}
        yield running


@pytest.mark.parametrize("content", [b"", b"Light is a wave.", LARGE], ids=["empty", "small", "in parts"])
def test_bytes_go_there_and_come_back(objects: ObjectStorage, content: bytes) -> None:
    bytes_keep("documents/u/a", io.BytesIO(content))
    assert objects.objects == {"/bucket/lamla/documents/u/a": content}
    with bytes_open("documents/u/a") as kept:
        assert kept.read(3) == content[:3]
        kept.seek(0)
        assert kept.read() == content
    assert default_storage.exists("documents/u/a")
    assert bytes_remove("documents/u/a")
    assert bytes_remove("documents/u/a")  # what is gone stays gone
    assert objects.objects == {}


def test_what_is_not_there_is_not_found(objects: ObjectStorage) -> None:
    with pytest.raises(NotFound) as missing, bytes_open("documents/u/none") as kept:
        kept.read()
    assert missing.value.code == "document_file_missing"


def test_a_storage_that_refuses_is_away(objects: ObjectStorage) -> None:
    objects.is_away = True
    with pytest.raises(Unavailable):
        bytes_keep("documents/u/a", io.BytesIO(b"x"))
    assert not bytes_remove("documents/u/a")


@pytest.mark.django_db(transaction=True)
async def test_a_document_lives_and_dies_with_its_object(objects: ObjectStorage, person: Person) -> None:
    added = await uploaded(person)
    document = await unit_of_work(Document.objects.get, pk=added.document_id)
    assert objects.objects == {f"/bucket/lamla/{document.stored_as}": b"Light is a wave."}
    objects.is_away = True
    await document_delete(caller=person.caller, document_id=document.pk)
    assert await unit_of_work(RemovedFile.objects.count) == 1  # not forgotten
    objects.is_away = False
    await removed_files_delete()
    assert objects.objects == {}
    assert await unit_of_work(RemovedFile.objects.count) == 0


@pytest.mark.parametrize("url", ["http://bucket", "s3://", "s3://bucket?endpont=http://localhost", "bucket"])
def test_an_address_that_cannot_work_is_refused_with_the_right_form(url: str) -> None:
    with pytest.raises(ConfigurationError, match="write s3://bucket"):
        object_storage(url)


def test_the_sdk_is_loaded_for_such_a_storage_alone(tmp_path: Path) -> None:
    script = "import django, sys; django.setup(); print('boto3' in sys.modules or 'botocore' in sys.modules)"
    env = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lamla.settings"}
    for url, loaded in (("", "False"), ("s3://bucket", "True")):
        command = [sys.executable, "-c", script]
        done = subprocess.run(
            command,
            cwd=Path(__file__).resolve().parents[3],
            env={**env, "DOCUMENT_STORAGE_URL": url},
            check=True,
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() == loaded
