"""One prompt, one answer: whole, or streamed."""

from dataclasses import asdict
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response

from fastapi_service.orchestration.answer_stream import LiveStreams
from fastapi_service.orchestration.chain import Chain
from fastapi_service.routes.event_stream import EventStream
from fastapi_service.routes.presence import unless_gone
from fastapi_service.routes.schemas import ChatbotReply, ProblemReply, PromptBody

router = APIRouter(responses={status: {"model": ProblemReply} for status in (401, 408, 413, 422, 429, 502, 503, 504)})


async def chain_of(request: Request) -> Chain:  # async: FastAPI runs other dependencies in threads
    chain: Chain = request.app.state.chain
    return chain


async def live_of(request: Request) -> LiveStreams:
    live: LiveStreams = request.app.state.live
    return live


TheChain = Annotated[Chain, Depends(chain_of)]


@router.post("/chatbot", response_model=ChatbotReply)
async def answer(request: Request, body: PromptBody, chain: TheChain) -> Response:
    """Answer a prompt as a whole. A client that leaves ends the provider's request."""
    with chain.admit(body.to_prompt(), provider=body.provider, model=body.model) as run:
        found, chosen, outcome = await unless_gone(request.receive, run.whole())
    reply = {"response": found.text, "provider": chosen.provider, "model": chosen.model, **asdict(outcome)}
    return Response(orjson.dumps(reply), media_type="application/json")


@router.post("/chatbot/stream", response_class=Response)
async def answer_stream(
    body: PromptBody, chain: TheChain, live: Annotated[LiveStreams, Depends(live_of)]
) -> EventStream:
    """Answer a prompt frame by frame (text/event-stream). A client that leaves ends the provider's request."""
    admission = chain.admit(body.to_prompt(), provider=body.provider, model=body.model)
    return EventStream(admission, text_id=body.text_id, live=live)
