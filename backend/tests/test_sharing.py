"""Who has a link reads what it shows without an account, for as long as its owner lets it stand."""

import httpx

from tests.conversations import ask
from tests.stack import Stack
from tests.streams import csrf


def test_a_link_is_read_without_an_account_until_it_is_revoked(stack: Stack, visitor: httpx.Client) -> None:
    asked = ask(visitor, "[[tokens=3]]")
    path = f"/api/conversations/{asked['conversation']['id']}/share/"
    assert visitor.get(path).json() == {"share": None}
    made = visitor.post(path, headers=csrf(visitor)).raise_for_status().json()
    assert visitor.get(path).json() == {"share": made}
    (listed,) = visitor.get("/api/shares/").json()["items"]
    assert listed == {"share": made, "conversation": asked["conversation"]}

    reader = stack.client()
    shown, page = reader.get(f"/api/shared/{made['token']}/"), reader.get(f"/s/{made['token']}")
    assert [message["text"] for message in shown.json()["messages"]] == ["[[tokens=3]]", "t0 t1 t2 "]
    assert (shown.json()["title"], shown.json()["next_cursor"]) == (asked["conversation"]["title"], None)
    assert shown.json()["updated_at"] == made["updated_at"]
    assert page.status_code == 200
    assert [answer.headers["x-robots-tag"] for answer in (shown, page)] == ["noindex", "noindex"]
    assert shown.headers["cache-control"] == "no-store"
    assert not reader.cookies

    assert visitor.delete(path, headers=csrf(visitor)).status_code == 204
    gone, never = (reader.get(f"/api/shared/{token}/") for token in (made["token"], "a" * 32))
    told = [{**answer.json(), "request_id": ""} for answer in (gone, never)]
    assert told[0] == told[1]
    assert told[0]["code"] == "share_not_found"
    assert gone.status_code == never.status_code == 404
    assert not reader.cookies


def test_a_deleted_conversation_takes_its_link_along(stack: Stack, visitor: httpx.Client) -> None:
    conversation = f"/api/conversations/{ask(visitor, '[[tokens=1]]')['conversation']['id']}/"
    token = visitor.post(f"{conversation}share/", headers=csrf(visitor)).json()["token"]
    assert visitor.delete(conversation, headers=csrf(visitor)).status_code == 204
    assert stack.client().get(f"/api/shared/{token}/").status_code == 404
    assert visitor.get("/api/shares/").json() == {"items": []}
