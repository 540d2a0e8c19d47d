"""Texts to vectors, for the search by meaning."""

from dataclasses import asdict
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response

from fastapi_service.core.request_log import note
from fastapi_service.providers.embeddings import Embeddings, no_embeddings
from fastapi_service.routes.embedding_schemas import EmbeddingsBody, EmbeddingsReply
from fastapi_service.routes.presence import unless_gone
from fastapi_service.routes.schemas import ProblemReply

router = APIRouter(responses={status: {"model": ProblemReply} for status in (401, 408, 413, 422, 502, 503)})


async def embeddings_of(request: Request) -> Embeddings | None:
    embeddings: Embeddings | None = request.app.state.embeddings
    return embeddings


TheEmbeddings = Annotated[Embeddings | None, Depends(embeddings_of)]


@router.post("/embeddings", response_model=EmbeddingsReply)
async def embed(request: Request, body: EmbeddingsBody, embeddings: TheEmbeddings) -> Response:
    """Give each text its unit vector. A client that leaves ends the request to the model."""
    note(texts=len(body.texts), kind=body.kind)
    if embeddings is None:
        raise no_embeddings()
    found = await unless_gone(request.receive, embeddings.embed(body.texts, kind=body.kind))
    return Response(orjson.dumps(asdict(found)), media_type="application/json")
