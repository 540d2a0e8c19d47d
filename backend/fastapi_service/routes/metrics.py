"""Figures for Prometheus."""

from fastapi import APIRouter, Response

from fastapi_service.orchestration.metrics import CONTENT_TYPE
from fastapi_service.routes.chatbot import TheChain

router = APIRouter()


@router.get("/metrics", response_class=Response)
async def metrics(chain: TheChain) -> Response:
    """All figures of this worker, of all its processes together."""
    return Response(chain.metrics.exposition(), media_type=CONTENT_TYPE)
