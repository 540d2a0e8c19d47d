"""What the worker's OpenAPI document says of all routes alike: how each of them refuses, by a problem document."""

from typing import Any

from fastapi import FastAPI

from fastapi_service.core.errors import PROBLEM_TYPE, Unauthorized

Document = dict[str, Any]  # Any: JSON
PROBLEM = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemReply"}}}
OPEN_PATH = "/health"
ERRORS_BEGIN = 400


class DocumentedApp(FastAPI):
    """FastAPI, which would name problem documents by the content type of other answers."""

    def openapi(self) -> Document:
        is_new = self.openapi_schema is None
        document = super().openapi()
        if is_new:
            for path, operations in document["paths"].items():
                for operation in operations.values():
                    _declare_problems(operation["responses"], is_open=path == OPEN_PATH)
        return document


def _declare_problems(responses: Document, *, is_open: bool) -> None:
    for status, answer in responses.items():
        if int(status) >= ERRORS_BEGIN:
            answer["content"] = PROBLEM
    if not is_open:
        description = "The internal secret is missing or wrong."
        responses.setdefault(str(Unauthorized.status), {"description": description, "content": PROBLEM})
