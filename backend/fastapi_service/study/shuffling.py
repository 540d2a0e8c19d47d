"""Puts options into an order that nobody can guess: models put the right one at "B" far too often."""

import random

from fastapi_service.study.items import SingleChoice


def random_from(seed: int | None) -> random.Random:
    """The same numbers for the same seed; without one, numbers of the system that nobody can foretell."""
    return random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311  # a seed asks for repeatable


def shuffled(item: SingleChoice, rng: random.Random) -> SingleChoice:
    """The same question, each order of its options equally likely."""
    order = list(range(len(item.options)))
    rng.shuffle(order)
    options = [item.options[place] for place in order]
    return item.model_copy(update={"options": options, "answer": order.index(item.answer)})
