"""Finding, sorting away, deleting, bringing back and exporting conversations, as a page does it."""

from typing import Any

import httpx
import pytest

from tests.conversations import ask
from tests.stack import Stack
from tests.streams import csrf, frames_of, metadata_of

LIST = "/api/conversations/"
WRITING = "[[tokens=2000 rate=100]]"


def ids(client: httpx.Client, query: str = "") -> list[str]:
    return [each["id"] for each in client.get(f"{LIST}{query}").raise_for_status().json()["items"]]


def search(client: httpx.Client, q: str, **options: Any) -> list[dict[str, Any]]:
    """Any: of the query, and JSON."""
    found: list[dict[str, Any]] = (
        client.get(f"{LIST}search/", params={"q": q, **options}).raise_for_status().json()["items"]
    )
    return found


def test_a_search_finds_ones_own_by_title_and_text(stack: Stack, visitor: httpx.Client) -> None:
    first = ask(visitor, "On refraction [[tokens=3]]")
    second = ask(visitor, "Other things [[tokens=3]]\n\nSurfaces refract light: réfraction")
    found = search(visitor, "REFRAC")
    assert [each["conversation"]["id"] for each in found] == [first["conversation"]["id"], second["conversation"]["id"]]
    assert found[0]["conversation"] == visitor.get(LIST).json()["items"][1]
    assert found[0]["title_marks"] == [[3, 13]]
    (hit,) = found[1]["hits"]
    assert (hit["message_id"], hit["role"]) == (second["user_message"]["id"], "user")
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["refract", "réfraction"]
    assert search(visitor, "refract", limit=1) == found[:1]
    assert search(visitor, "t1 t2")[0]["hits"][0]["role"] == "assistant"
    assert search(stack.client(), "refract") == []  # of nobody
    other = stack.client()
    ask(other, "[[tokens=1]]")
    assert search(other, "refract") == []


@pytest.mark.parametrize("q", ['"', "light* AND (", "a\x00b", "%_", "--", "é" * 500])
def test_whatever_is_searched_for_is_answered(visitor: httpx.Client, q: str) -> None:
    assert search(visitor, q) == []
    for refused in ("", "?q=", f"?q={'x' * 501}", "?q=x&limit=51"):
        assert visitor.get(f"{LIST}search/{refused}").status_code == 422


def test_archived_and_pinned_ones_have_lists_of_their_own(visitor: httpx.Client) -> None:
    plain, pinned, archived = (ask(visitor, "[[tokens=1]]")["conversation"]["id"] for _ in range(3))
    for pk, patch in ((pinned, {"pinned": True}), (archived, {"archived": True})):
        assert visitor.patch(f"{LIST}{pk}/", json=patch, headers=csrf(visitor)).json().items() >= patch.items()
    assert ids(visitor) == [pinned, plain]
    assert ids(visitor, "?pinned=true") == [pinned]
    assert ids(visitor, "?pinned=false") == [plain]
    assert ids(visitor, "?archived=true") == [archived]
    first = visitor.get(f"{LIST}?limit=1").json()
    assert ids(visitor, f"?limit=1&cursor={first['next_cursor']}") == [plain]


def test_a_deleted_one_is_nowhere_until_it_is_brought_back(stack: Stack, visitor: httpx.Client) -> None:
    with visitor.stream("POST", "/api/chat/stream/", json={"message": f"Refraction {WRITING}"}) as answer:
        lines = frames_of(answer.iter_lines())
        named = metadata_of([next(lines)])
        next(frame for frame in lines if frame.type == "text-delta")
        path = f"{LIST}{named['conversation_id']}/"
        assert visitor.delete(path, headers=csrf(visitor)).status_code == 204
    assert ids(visitor) == []
    assert search(visitor, "refraction") == []
    again = {"message": "And now?", "conversation_id": named["conversation_id"]}
    refusals = [
        visitor.get(path),
        visitor.get(f"{path}export/"),
        visitor.get(f"/api/chat/{named['conversation_id']}/stream/"),
        visitor.delete(path, headers=csrf(visitor)),
        visitor.post("/api/chat/stream/", json=again, headers=csrf(visitor)),
        stack.client().post(f"{path}restore/"),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refusals] == [(404, "conversation_not_found")] * 6
    for _ in range(2):
        restored = visitor.post(f"{path}restore/", headers=csrf(visitor))
        assert (restored.status_code, restored.json()["id"]) == (200, named["conversation_id"])
    question, stopped = visitor.get(path).json()["messages"]
    assert (question["id"], stopped["state"]) == (named["user_message_id"], "stopped")
    assert stopped["text"].startswith("t0 ")
    assert [each["conversation"]["id"] for each in search(visitor, "refraction")] == ids(visitor)


def test_an_export_is_a_file_of_markdown(visitor: httpx.Client) -> None:
    reply = ask(visitor, "Qu'est-ce que la réfraction ? [[tokens=3]]")
    answer = visitor.get(f"{LIST}{reply['conversation']['id']}/export/")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=utf-8''Qu%27est-ce%20que%20la%20r%C3%A9fraction%20%5B%5Btokens%3D3%5D%5D.md"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "\n> Qu'est-ce que la réfraction ? [[tokens=3]]\n" in answer.text
    assert "\n> t0 t1 t2 \n" in answer.text
