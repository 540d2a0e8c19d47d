"""The library over real processes: files arrive, are read, are told of, found, and gone; kills cost nothing."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from apps.documents.tests import sample_files
from tests.feeds import Feed
from tests.stack import Stack, running_stack, wait_until
from tests.streams import Frame, csrf, frames_of

pytestmark = pytest.mark.waits

CALVIN = sample_files.study_pdf(pages=12)
Json = dict[str, Any]  # Any: JSON


def upload(client: httpx.Client, content: bytes, *, name: str = "notes.pdf") -> httpx.Response:
    files = {"file": (name, content, "application/pdf")}
    return client.post("/api/documents/", files=files, headers=csrf(client))


def added(client: httpx.Client, content: bytes, *, name: str = "notes.pdf") -> str:
    answer = upload(client, content, name=name)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["items"][0]["id"])


def events_of(client: httpx.Client, document_id: str) -> list[Frame]:
    with client.stream("GET", f"/api/documents/{document_id}/events/") as answer:
        assert answer.status_code == 200
        return list(frames_of(answer.iter_lines()))


def document(client: httpx.Client, document_id: str) -> Json:
    found: Json = client.get(f"/api/documents/{document_id}/").raise_for_status().json()
    return found


def files_of(stack: Stack) -> list[Path]:
    return [file for file in Path(stack.gateway.env["DATA_DIR"], "files").rglob("*") if file.is_file()]


def test_a_file_from_its_arrival_to_its_end(stack: Stack, visitor: httpx.Client) -> None:
    document_id = added(visitor, CALVIN)
    frames = events_of(visitor, document_id)
    assert [frame.type for frame in frames] == ["data-document"] * (len(frames) - 1) + ["[DONE]"]
    ready = frames[-2].data["data"]
    assert (ready["state"], ready["kind"], ready["pages"], ready["pages_done"]) == ("ready", "pdf", 12, 12)
    assert ready["report"] == {"read": 12, "ocr": 0, "empty": 0, "failed": 0, "cut": 0}
    assert (ready["has_file"], ready["language"], ready["problem"]) == (True, "en", None)
    assert document(visitor, document_id)["characters"] == ready["characters"] > 1000
    page = visitor.get(f"/api/documents/{document_id}/pages/7/").json()
    assert (page["number"], page["label"], page["previous"], page["next"]) == (7, "page 7", 6, 8)
    found = visitor.get("/api/documents/search/", params={"q": "Calvin cycle"}).json()["items"]
    assert found
    assert {hit["document_id"] for hit in found} == {document_id}
    hit = found[0]
    assert "Calvin" in hit["text"]
    text = visitor.get(f"/api/documents/{document_id}/pages/{hit['page']}/").json()["text"]
    assert text[hit["start"] : hit["end"]] == hit["text"]
    picture = visitor.get(
        f"/api/documents/{document_id}/pages/{hit['page']}/image/", params={"start": hit["start"], "end": hit["end"]}
    )
    assert picture.status_code == 200, picture.text
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["cache-control"].startswith("private")
    original = visitor.get(f"/api/documents/{document_id}/file/")
    assert original.content == CALVIN
    assert original.headers["content-disposition"].startswith("attachment")
    assert (original.headers["x-content-type-options"], original.headers["content-type"]) == (
        "nosniff",
        "application/pdf",
    )
    assert visitor.delete(f"/api/documents/{document_id}/", headers=csrf(visitor)).status_code == 204
    assert visitor.get(f"/api/documents/{document_id}/").status_code == 404
    assert visitor.get("/api/documents/search/", params={"q": "Calvin cycle"}).json()["items"] == []
    assert not [file for file in files_of(stack) if hashlib.sha256(CALVIN).hexdigest() in file.name]


def test_the_same_file_twice_is_one(visitor: httpx.Client) -> None:
    assert added(visitor, CALVIN) == added(visitor, CALVIN, name="copy.pdf")
    assert [each["filename"] for each in visitor.get("/api/documents/").json()["items"]] == ["notes.pdf"]


def test_a_file_that_cannot_be_read_says_why_and_stays_to_be_deleted(visitor: httpx.Client) -> None:
    document_id = added(visitor, sample_files.encrypted_pdf(), name="secret.pdf")
    failed = events_of(visitor, document_id)[-2].data["data"]
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "document_encrypted")
    assert "secret.pdf" in failed["problem"]["detail"]
    assert visitor.delete(f"/api/documents/{document_id}/", headers=csrf(visitor)).status_code == 204


def test_the_live_feed_tells_of_ones_files(stack: Stack, visitor: httpx.Client) -> None:
    added(visitor, b"Somebody is here.", name="first.txt")
    with Feed(visitor) as feed:
        document_id = added(visitor, CALVIN)
        feed.wait_for(
            lambda: any(
                frame["type"] == "data-document"
                and (frame["data"]["id"], frame["data"]["state"]) == (document_id, "ready")
                for frame in feed.plain
            ),
            what="the file is told to be ready",
        )
    other = stack.client()
    added(other, b"Another's.", name="theirs.txt")
    with Feed(other) as feed:
        assert not any("notes.pdf" in str(frame) for frame in feed.frames)


def test_a_large_upload_is_no_file_with_a_name_anywhere(visitor: httpx.Client, tmp_path: Path) -> None:
    before = set(Path("/tmp").glob("*.upload*"))
    text = b"Light is a wave, and a particle as well. " * 100_000  # beyond what is kept in memory
    assert events_of(visitor, added(visitor, text, name="long.txt"))[-2].data["data"]["size_bytes"] == len(text)
    assert set(Path("/tmp").glob("*.upload*")) == before


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A gateway with little room for files."""
    folder = tmp_path_factory.mktemp("small")
    settings = {"DOCUMENTS_MAX_BYTES_PER_GUEST": "100000"}
    with running_stack(folder, gateway=settings, start_worker=False) as running:
        yield running


def test_uploads_side_by_side_have_no_more_room_than_there_is(small: Stack) -> None:
    client = small.client()
    added(client, b"x" * 1000, name="first.txt")
    contents = [bytes([65 + number]) * 30_000 for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda content: upload(client, content, name="a.txt").status_code, contents))
    assert sorted(statuses) == [201] * 3 + [413] * 9
    space = client.get("/api/documents/").json()["space"]
    assert space == {"used_bytes": 91_000, "limit_bytes": 100_000}
    assert sum(file.stat().st_size for file in files_of(small)) == 91_000


@pytest.fixture
def breakable(tmp_path: Path) -> Iterator[Stack]:
    """Two gateways, as if of two machines, that wait for ever for each other: nothing goes on by a lease that ends."""
    settings = {"EXTRACTION_CONCURRENCY": "1", "GENERATION_LEASE_SECONDS": "3600"}
    with running_stack(tmp_path, gateways=2, start_worker=False, gateway=settings) as running:
        yield running


def all_pages(client: httpx.Client, document_id: str, pages: int) -> list[Json]:
    found = [client.get(f"/api/documents/{document_id}/pages/{number}/").json() for number in range(1, pages + 1)]
    return [{name: page.get(name) for name in ("number", "label", "text", "state", "method")} for page in found]


def test_kills_in_mid_ingest_cost_no_page(breakable: Stack) -> None:
    first, second = breakable.gateways
    second.end()
    client = breakable.client()
    book, pages = sample_files.long_pdf(300), 300
    undisturbed = added(client, book + b"\n%", name="undisturbed.pdf")
    events_of(client, undisturbed)
    document_id = added(client, book, name="book.pdf")
    done = [0]
    for _ in range(3):

        def is_further() -> bool:
            now = document(client, document_id)
            return bool(now["pages_done"] > done[-1] or now["state"] == "ready")

        wait_until(is_further, what="it is read on")
        first.kill_all()
        first.start()
        done.append(document(client, document_id)["pages_done"])
    assert done == sorted(done)
    ready = events_of(client, document_id)[-2].data["data"]
    assert (ready["state"], ready["pages_done"]) == ("ready", pages)
    assert all_pages(client, document_id, pages) == all_pages(client, undisturbed, pages)
    same = ("characters", "language", "report", "notes", "fits_whole")
    calm = document(client, undisturbed)
    assert [ready[name] for name in same] == [calm[name] for name in same]


def test_a_drained_gateway_hands_over(breakable: Stack) -> None:
    client = breakable.client()
    document_id = added(client, sample_files.long_pdf(300), name="book.pdf")
    wait_until(lambda: document(client, document_id)["pages_done"] > 0, what="it is being read")
    other = breakable.client(gateway=1, cookies=client.cookies)
    for gateway in breakable.gateways[:1]:
        gateway.end()
    ready = events_of(other, document_id)[-2].data["data"]
    assert (ready["state"], ready["pages_done"]) == ("ready", 300)
