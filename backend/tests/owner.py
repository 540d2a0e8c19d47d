"""Somebody who has one of everything, and the routes of the OpenAPI document that are asked for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from apps.documents.tests.sample_files import text_pdf
from tests.accounts import sign_up
from tests.stack import Stack, wait_until
from tests.streams import csrf

PROMPT = "[[tokens=1 rate=0 first=0]]"
# Of a kind whose pages have a picture.
UPLOAD = ("light.pdf", text_pdf(["Light is a wave, and a particle as well."]), "application/pdf")
PLACES = {"number": "1"}  # parts of a path that are no id
WRITES = frozenset({"post", "put", "patch", "delete"})


@dataclass(frozen=True)
class Owner:
    """`ids` are of things of this user's, by the names that the API gives them."""

    client: httpx.Client
    ids: Mapping[str, str]


@dataclass(frozen=True)
class Route:
    """One operation of the document; Any: JSON."""

    method: str
    path: str
    operation: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method in WRITES

    def parameters(self, place: str) -> list[dict[str, Any]]:
        return [each for each in self.operation.get("parameters", []) if each["in"] == place]

    def filled(self, ids: Mapping[str, str]) -> str:
        """Its address with these ids. Raises: KeyError for a name that is not among them."""
        return self.path.format_map({**PLACES, **ids})

    @property
    def body_schema(self) -> dict[str, Any] | None:
        content = self.operation.get("requestBody", {}).get("content", {})
        return next((media["schema"] for media in content.values()), None)


def routes_of(client: httpx.Client) -> list[Route]:
    """What the gateway publishes."""
    paths = client.get("/api/openapi.json").json()["paths"]
    return [Route(method, path, operation) for path, found in paths.items() for method, operation in found.items()]


def make_owner(stack: Stack, *, email: str = "") -> Owner:
    """A guest, or with `email` somebody who has signed up, with one of everything."""
    client = stack.client()
    if email:
        sign_up(stack, client, email)
    upload = {"data": {"message": PROMPT}, "files": {"file": UPLOAD}}
    made = client.post("/api/chat/file/", headers=csrf(client), **upload).raise_for_status().json()  # type: ignore[arg-type]  # of httpx
    document = f"/api/documents/{made['documents'][0]['id']}/"
    # Nothing of it changes by itself from here on.
    wait_until(lambda: client.get(document).json()["meaning_percent"] == 100, what="the file has its vectors")
    course = client.post("/api/courses/", json={"name": "Optics"}, headers=csrf(client)).raise_for_status().json()
    share = f"/api/conversations/{made['conversation']['id']}/share/"
    ids = {
        "conversation_id": made["conversation"]["id"],
        "token": client.post(share, headers=csrf(client)).raise_for_status().json()["token"],
        "message_id": made["assistant_message"]["id"],
        "prompt_id": made["user_message"]["id"],
        "document_id": made["documents"][0]["id"],
        "course_id": course["id"],
    }
    if email:
        body = {"name": "mine", "scopes": ["read", "chat"]}
        token = client.post("/api/account/tokens/", json=body, headers=csrf(client)).raise_for_status().json()
        ids["token_id"] = token["id"]
    return Owner(client, ids)


def ids_in(schema: object, document: Mapping[str, Any]) -> Iterator[str]:
    """Names of the members of a body, at any depth, that hold ids."""
    for name, member in _members(schema, document, seen=set()):
        if is_id(name, member):
            yield name


def is_id(name: str, schema: object) -> bool:
    return name.lower().removesuffix("s").endswith(("_id", "messageid")) or '"uuid"' in str(schema).replace("'", '"')


def _members(schema: object, document: Mapping[str, Any], *, seen: set[str]) -> Iterator[tuple[str, object]]:
    """Every named member of a JSON schema, references followed once."""
    if isinstance(schema, list):
        for each in schema:
            yield from _members(each, document, seen=seen)
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        yield from _members(document["components"]["schemas"][reference.rpartition("/")[2]], document, seen=seen)
    for name, member in schema.get("properties", {}).items():
        yield name, member
        yield from _members(member, document, seen=seen)
    for key in ("anyOf", "oneOf", "allOf", "items"):
        yield from _members(schema.get(key), document, seen=seen)
