"""The few words that are put around what the text says."""

import re

from fastapi_service.study.from_text.facts import PLURAL_VERBS, Fact

_PERSON = re.compile(r"(?:the|an?) person (?:who|(?:to|for|by|from|with) whom)\b")


def capitalised(text: str) -> str:
    """The text with a capital at its start, unless its first word has one of its own, as "mRNA" has."""
    first = text.partition(" ")[0]
    return text if any(map(str.isupper, first)) else text[:1].upper() + text[1:]


def naming_question(fact: Fact) -> str:
    """What is the pressure of water in a cell called?"""
    return f"What {fact.verb} {fact.meaning[0].lower()}{fact.meaning[1:]} called?"


def definition_question(fact: Fact, phrase: str) -> str:
    """What is a stoma? Who is the offeree?"""
    verb = fact.verb if fact.verb in {"was", "were"} else "are" if fact.verb in PLURAL_VERBS else "is"
    return f"{'Who' if _PERSON.match(fact.meaning) else 'What'} {verb} {phrase}?"


def statement(text: str) -> str:
    """A sentence of its own."""
    return capitalised(text.rstrip(".")) + "."
