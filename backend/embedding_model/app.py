"""The embedding model as an ASGI application, OpenAI-compatible. It never writes down what it is sent."""

import asyncio
import hmac
import logging

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from embedding_model.engine import Engine
from embedding_model.lanes import Embedded, Job, LaneFull, Lanes
from embedding_model.requests import BadRequest, answer, read_request
from embedding_model.settings import EmbeddingModelSettings

BODY_MAX_BYTES = 8 * 1024 * 1024
JSON = "application/json"
log = logging.getLogger("embedding_model")


class EmbeddingModel:
    """Its endpoints. All but `/health` ask for the key where there is one."""

    def __init__(self, engine: Engine, settings: EmbeddingModelSettings) -> None:
        self._engine = engine
        self._model = settings.model
        self._key = f"Bearer {settings.api_key}".encode() if settings.api_key else b""
        self._lanes = Lanes(engine)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/health", self.health),
                Route("/v1/models", self.models),
                Route("/v1/embeddings", self.embeddings, methods=["POST"]),
            ]
        )

    async def health(self, _request: Request) -> Response:
        return Response(b'{"status":"ok"}', media_type=JSON)

    async def models(self, request: Request) -> Response:
        if refusal := self._refuse(request):
            return refusal
        models = [{"id": self._model, "object": "model", "owned_by": "lamla", "dimension": self._engine.dimension}]
        return Response(orjson.dumps({"object": "list", "data": models}), media_type=JSON)

    async def embeddings(self, request: Request) -> Response:
        """Queue the texts and answer with their vectors; a client that leaves gives its place up."""
        # A page that the user visits can send no such type without asking first, and nobody allows it.
        if request.headers.get("content-type", "").partition(";")[0].strip() != JSON:
            return _error(415, f"the body must be {JSON}")
        if refusal := self._refuse(request):
            return refusal
        try:
            body = await _bounded_body(request)
            asked = read_request(body, dimension=self._engine.dimension)
            job = self._lanes.take(asked.texts, asked.kind)
        except ClientDisconnect:
            return _error(400, "the client left")
        except BadRequest as error:
            return _error(400, str(error))
        except LaneFull as full:
            return _error(503, "too much is waiting already", {"retry-after": str(full.retry_after_s)})
        try:
            embedded = await _unless_gone(request, job)
        except Exception as error:
            log.error("the engine failed: %s", type(error).__name__)  # its message might quote a text
            return _error(500, "the vectors could not be computed")
        if embedded is None:
            return _error(400, "the client left")
        return Response(answer(embedded, asked, model=self._model), media_type=JSON)

    def _refuse(self, request: Request) -> Response | None:
        if hmac.compare_digest(request.headers.get("authorization", "").encode("latin-1"), self._key) or not self._key:
            return None
        return _error(401, "the key is missing or wrong")


async def _bounded_body(request: Request) -> bytes:
    """Raises: BadRequest above BODY_MAX_BYTES, ClientDisconnect."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_MAX_BYTES:
            raise BadRequest("the body is too large")
    return bytes(body)


async def _unless_gone(request: Request, job: Job) -> Embedded | None:
    """What the job gives, or None when the client has left first. Raises: what the engine raises."""
    working: asyncio.Future[Embedded] = asyncio.wrap_future(job.done)
    leaving = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        job.drop()
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    kind = "invalid_request_error" if status < 500 else "server_error"
    body = orjson.dumps({"error": {"message": message, "type": kind, "code": None}})
    return Response(body, status_code=status, media_type=JSON, headers=headers)
