"""Nobody gets at another's things by any route, whatever id they know: each route of the document is walked.

A new route fails here until it is known how to call it (tests/calling.py), where its ids come from (tests/owner.py),
and what a foreign id in its body or query is (FOREIGN below).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from tests.calling import Reply, call_of, send
from tests.owner import PROMPT, Owner, Route, ids_in, is_id, make_owner, routes_of
from tests.stack import Stack

Ids = Mapping[str, str]
ANSWERED = frozenset({200, 201, 204})
# Writes that name nothing which exists already, with what they make or do.
OWNS_NOTHING = {
    "POST /api/account/tokens/": "makes a token of the caller's own",
    "POST /api/courses/": "makes a course of the caller's own",
    "POST /api/account/import/": "adds to the caller's own account",
    "DELETE /api/account/": "takes the caller's own e-mail for a confirmation",
}
# Their answer to an id that nobody has is no 404; it is the same to another's.
SAYS_NOTHING = {
    "GET /api/chat/stream/{conversation_id}/stream/": "204: the AI SDK asks for it before a conversation exists",
}
# What everybody may read who was given its address; that this shows what it is meant to is tested in apps/sharing.
FOR_ANYBODY = {"GET /api/shared/{token}/": "the page of a link"}
# Ids that the client itself has chosen: looked up among the caller's own, so another's is simply a new one.
NAMED_BY_CLIENT = frozenset({"client_message_id"})


def _chat(**fields: Any) -> dict[str, Any]:
    return {"message": PROMPT, **fields}


# By member, how a foreign id stands in an otherwise right body: `own` and `theirs` are ids.
IN_CHAT: Mapping[str, Callable[[Ids, Ids], dict[str, Any]]] = {
    "conversation_id": lambda own, theirs: _chat(conversation_id=theirs["conversation_id"]),
    "parent_id": lambda own, theirs: _chat(conversation_id=own["conversation_id"], parent_id=theirs["message_id"]),
    "document_ids": lambda own, theirs: _chat(document_ids=[theirs["document_id"]]),
    "course_id": lambda own, theirs: _chat(course_id=theirs["course_id"]),
    "messageId": lambda own, theirs: {
        "id": own["conversation_id"],
        "messages": [],
        "trigger": "regenerate-message",
        "messageId": theirs["message_id"],
    },
}
FOREIGN: Mapping[str, Mapping[str, Callable[[Ids, Ids], dict[str, Any]]]] = {
    "POST /api/chat/": IN_CHAT,
    "POST /api/chat/stream/": IN_CHAT,
    "POST /api/chat/file/": IN_CHAT,
    "POST /api/documents/": {"course_id": lambda own, theirs: {"course_id": theirs["course_id"]}},
    "PATCH /api/documents/{document_id}/": {"course_id": lambda own, theirs: {"course_id": theirs["course_id"]}},
    "PATCH /api/conversations/{conversation_id}/": {
        "course_id": lambda own, theirs: {"course_id": theirs["course_id"]},
        "active_message_id": lambda own, theirs: {"active_message_id": theirs["message_id"]},
    },
}
FOREIGN_QUERIES: Mapping[str, Mapping[str, str]] = {
    "GET /api/conversations/": {"course_id": "course_id"},
    "GET /api/conversations/{conversation_id}/": {"before": "message_id"},
    "GET /api/documents/": {"course_id": "course_id"},
    "GET /api/shared/{token}/": {"cursor": "message_id"},
    "GET /api/documents/search/": {"course_id": "course_id", "document_id": "document_id"},
}


@pytest.fixture(scope="module")
def victim(stack: Stack) -> Owner:
    return make_owner(stack, email="victim@example.org")


@pytest.fixture(scope="module", params=["guest", "user"])
def attacker(stack: Stack, request: pytest.FixtureRequest) -> Owner:
    return make_owner(stack, email="attacker@example.org" if request.param == "user" else "")


@pytest.fixture(scope="module")
def document(victim: Owner) -> dict[str, Any]:
    published: dict[str, Any] = victim.client.get("/api/openapi.json").json()
    return published


@pytest.fixture(scope="module")
def routes(victim: Owner) -> list[Route]:
    return routes_of(victim.client)


def seen(victim: Owner) -> Any:
    """All that the victim would notice; Any: JSON."""
    path = f"/api/conversations/{victim.ids['conversation_id']}/"
    lists = ("/api/conversations/", "/api/documents/", "/api/courses/", "/api/shares/", "/api/account/tokens/")
    return [victim.client.get(each).json() for each in (path, *lists)]


def is_refused(answer: Reply) -> bool:
    return answer.status == 404


def nothing_there(ids: Ids) -> Ids:
    """The same names with ids that nobody has."""
    return {name: str(uuid4()) for name in ids}


def told(answer: Reply, ids: Ids) -> str:
    """What an answer says but for the ids that were asked for, and its own."""
    text = re.sub(r'"request_id":\s*"\w+"', "", answer.text)
    for value in ids.values():
        text = text.replace(value, "")
    return f"{answer.status} {text}"


def test_a_foreign_id_in_a_path_is_not_found(victim: Owner, attacker: Owner, routes: list[Route]) -> None:
    before = seen(victim)
    let_in = []
    for route in routes:
        if not route.parameters("path") or route.name in FOR_ANYBODY:
            continue
        answer = send(attacker.client, route, victim.ids)
        # What is only for people who have signed up is refused to a guest before any id is looked at.
        if not is_refused(answer) and answer.status != 401 and route.name not in SAYS_NOTHING:
            let_in.append(f"{route.name}: {answer.status} {answer.text[:200]}")
        none = nothing_there(victim.ids)
        if told(answer, victim.ids) != told(send(attacker.client, route, none), none):
            let_in.append(f"{route.name}: not as for an id that nobody has: {answer.text[:200]}")
    assert let_in == []
    assert seen(victim) == before


def test_a_foreign_id_in_a_body_is_not_found(
    victim: Owner, attacker: Owner, routes: list[Route], document: dict[str, Any]
) -> None:
    before = seen(victim)
    let_in = []
    for route in routes:
        for member in set(ids_in(route.body_schema, document)) - NAMED_BY_CLIENT:
            assert member in FOREIGN.get(route.name, {}), f"say in FOREIGN what a foreign {member} of {route.name} is"
            body = FOREIGN[route.name][member](attacker.ids, victim.ids)
            kind = "data" if "files" in call_of(route) else "json"
            if kind == "data" and not {"message", "course_id"} & body.keys():
                continue  # a shape of JSON alone
            answer = send(attacker.client, route, attacker.ids, **{kind: body})
            if not is_refused(answer):
                let_in.append(f"{route.name} by {member}: {answer.status} {answer.text[:200]}")
    assert let_in == []
    assert seen(victim) == before


def test_a_foreign_id_in_a_query_is_as_one_that_nobody_has(victim: Owner, attacker: Owner, routes: list[Route]) -> None:
    let_in = []
    for route in routes:
        for parameter in route.parameters("query"):
            name = parameter["name"]
            if not is_id(name, parameter["schema"]):
                continue
            assert name in FOREIGN_QUERIES.get(route.name, {}), f"say in FOREIGN_QUERIES what {name} of {route.name} is"
            kind, none = FOREIGN_QUERIES[route.name][name], nothing_there(victim.ids)
            found = [
                told(send(attacker.client, route, attacker.ids, params={"q": "light", name: ids[kind]}), ids)
                for ids in (victim.ids, none)
            ]
            if found[0] != found[1]:
                let_in.append(f"{route.name} by {name}: {found[0][:200]}")
    assert let_in == []


def test_what_is_listed_is_ones_own(victim: Owner, attacker: Owner, routes: list[Route]) -> None:
    leaks = []
    for route in routes:
        if route.method == "get" and not route.parameters("path"):
            answer = send(attacker.client, route, {})
            leaks += [f"{route.name}: {name}" for name, value in victim.ids.items() if value in answer.text]
    assert leaks == []


def test_each_route_is_walked_or_owns_nothing(routes: list[Route], document: dict[str, Any]) -> None:
    unwalked = {
        route.name
        for route in routes
        if route.writes and not route.parameters("path") and not set(ids_in(route.body_schema, document))
    }
    assert unwalked == {route.name for route in routes} & OWNS_NOTHING.keys()


def test_the_owner_gets_in(victim: Owner, routes: list[Route]) -> None:
    """The control of all of the above: what others are refused is there. It comes last, since it deletes."""
    shut_out = []
    for route in sorted(routes, key=lambda each: each.method == "delete"):
        if route.parameters("path"):
            answer = send(victim.client, route, victim.ids)
            if answer.status not in ANSWERED:
                shut_out.append(f"{route.name}: {answer.status} {answer.text[:200]}")
    assert shut_out == []
