"""The page's types are made from frontend/openapi.json, so it must be what the gateway really publishes."""

import json
from pathlib import Path

import httpx

EXPORTED = Path(__file__).resolve().parents[2] / "frontend" / "openapi.json"


def test_the_exported_document_is_the_published_one(visitor: httpx.Client) -> None:
    published = visitor.get("/api/openapi.json").json()
    assert json.loads(EXPORTED.read_text()) == published, (
        "run: cd backend && python manage.py export_openapi_schema --api lamla.urls.api --indent 1 --sorted "
        "--output ../frontend/openapi.json, then: cd frontend && npm run types"
    )
