"""Study material out of texts alone, as the tests look at it."""

from collections.abc import Sequence
from functools import cache

from fastapi_service.study.collection import QUIZ, Collection, Craft, DraftT, ItemT
from fastapi_service.study.items import QUIZ_KINDS, QuizItem, Sources
from fastapi_service.study.shuffling import random_from
from fastapi_service.tests.study.chapter import sources

SEEDS = range(6)


def made(
    craft: Craft[DraftT, ItemT], text: Sources, kinds: Sequence[str], *, count: int, seed: int = 1
) -> Collection[DraftT, ItemT]:
    collection = Collection(craft, text, kinds=kinds, count=count, rng=random_from(seed))
    for draft in craft.from_text(text, kinds, random_from(seed)):
        collection.offer(draft)
        if not collection.missing:
            break
    return collection


@cache
def quiz(kinds: tuple[str, ...] = QUIZ_KINDS, *, count: int = 10, seed: int = 1) -> Sequence[QuizItem]:
    """Questions about the chapter, made once for all tests that look at them."""
    return made(QUIZ, sources(), kinds, count=count, seed=seed).items


def questions(text: str, kinds: Sequence[str] = QUIZ_KINDS) -> list[QuizItem]:
    """All that the text gives, for several seeds."""
    return [item for seed in SEEDS for item in made(QUIZ, Sources([("p", text)]), kinds, count=99, seed=seed).items]
