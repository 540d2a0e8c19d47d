"""Study material from passages: quizzes and flashcards whose every item rests on a quote."""

from dataclasses import asdict
from typing import TypedDict

from fastapi import APIRouter, Request

from fastapi_service.core.request_log import note
from fastapi_service.orchestration.chain import Chain
from fastapi_service.routes.chatbot import TheChain
from fastapi_service.routes.presence import unless_gone
from fastapi_service.routes.schemas import AttemptReply, ProblemReply, UsageReply
from fastapi_service.routes.study_schemas import FlashcardsBody, FlashcardsReply, MadeFrom, QuizBody, QuizReply
from fastapi_service.study.collection import CARDS, QUIZ, Craft, DraftT, ItemT
from fastapi_service.study.generation import Made, Order, make
from fastapi_service.study.reasons import Reason

router = APIRouter(responses={status: {"model": ProblemReply} for status in (401, 408, 413, 422, 429, 502, 503, 504)})


class Told(TypedDict):
    """What both replies say beside their items."""

    provider: str
    model: str
    usage: UsageReply
    attempts: list[AttemptReply]
    dropped: dict[Reason, int]
    made_from: MadeFrom
    short_by: int


@router.post("/quiz/")
async def make_quiz(request: Request, body: QuizBody, chain: TheChain) -> QuizReply:
    """Make questions out of passages. A client that leaves ends the provider's requests."""
    made = await _made(request, chain, QUIZ, body.to_order())
    return QuizReply(items=made.items, **_told(made))


@router.post("/flashcards/")
async def make_flashcards(request: Request, body: FlashcardsBody, chain: TheChain) -> FlashcardsReply:
    """Make flashcards out of passages. A client that leaves ends the provider's requests."""
    made = await _made(request, chain, CARDS, body.to_order())
    return FlashcardsReply(cards=made.items, **_told(made))


async def _made(request: Request, chain: Chain, craft: Craft[DraftT, ItemT], order: Order) -> Made[ItemT]:
    made = await unless_gone(request.receive, make(chain, craft, order))
    note(made_from=made.made_from, made=len(made.items), short_by=made.short_by, dropped=dict(made.dropped))
    return made


def _told(made: Made[ItemT]) -> Told:
    return {
        "provider": made.chosen.provider,
        "model": made.chosen.model,
        "usage": UsageReply(**asdict(made.usage)),
        "attempts": [AttemptReply(**asdict(attempt)) for attempt in made.attempts],
        "dropped": dict(made.dropped),
        "made_from": made.made_from,
        "short_by": made.short_by,
    }
