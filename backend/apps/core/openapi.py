"""What the OpenAPI document says of all routes alike: how each of them refuses, always by a problem document."""

from collections.abc import Mapping
from typing import Any

from ninja import Schema
from pydantic import ConfigDict

from apps.core.problems import CONTENT_TYPE

Document = dict[str, Any]  # Any: JSON


class Problem(Schema):
    """RFC 9457; `code` is stable, `detail` is a sentence for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[dict[str, Any]] | None = None


ERRORS_BEGIN = 400
PROBLEM = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ANY_REQUEST: Mapping[str, str] = {
    "400": "The request cannot be read.",
    "401": "The token is not good, or this needs somebody signed in.",
    "403": "The token may not do this, or a page could have caused it without its user's wish.",
    "429": "Too much of this; `Retry-After` says when to come again.",
    "503": "Something is away just now; `Retry-After` says when to come again.",
}
WITH_PARAMETERS: Mapping[str, str] = {"422": "A value is not as it should be; see `errors`."}
WITH_ID: Mapping[str, str] = {"404": "There is no such thing, or it is somebody else's."}
WITH_BODY: Mapping[str, str] = {
    "408": "The body arrived too slowly.",
    "409": "It cannot be done as things stand; `code` says why.",
    "413": "The body is too large.",
    "415": "The body is of another content type.",
    **WITH_PARAMETERS,
}


def declare_problems(document: Document) -> None:
    """Add to every operation the refusals that any route of its kind can answer with, where it names none itself."""
    document["components"]["schemas"].setdefault("Problem", Problem.model_json_schema())
    for operations in document["paths"].values():
        for operation in operations.values():
            answers: dict[int, Any] = {int(code): answer for code, answer in operation["responses"].items()}
            for refusal, description in _refusals(operation).items():
                answers.setdefault(int(refusal), {"description": description, "content": PROBLEM})
            for status, answer in answers.items():
                if status >= ERRORS_BEGIN:
                    answer["content"] = PROBLEM
            operation["responses"] = dict(sorted(answers.items()))


def _refusals(operation: Document) -> dict[str, str]:
    parameters = operation.get("parameters", [])
    refusals = dict(ANY_REQUEST)
    if parameters:
        refusals |= WITH_PARAMETERS
    if any(parameter["in"] == "path" for parameter in parameters):
        refusals |= WITH_ID
    if "requestBody" in operation:
        refusals |= WITH_BODY
    return refusals
