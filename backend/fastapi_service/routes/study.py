"""The specification's routes for study material, which answer that they are still to come."""

from typing import NoReturn

from fastapi import APIRouter

from fastapi_service.core.errors import NotAvailableYet
from fastapi_service.routes.schemas import ProblemReply

router = APIRouter(responses={501: {"model": ProblemReply}})


@router.post("/quiz/", response_model=None)
async def make_quiz() -> NoReturn:
    raise NotAvailableYet("Quizzes cannot be made yet; a coming version of Lamla will.")


@router.post("/flashcards/", response_model=None)
async def make_flashcards() -> NoReturn:
    raise NotAvailableYet("Flashcards cannot be made yet; a coming version of Lamla will.")
