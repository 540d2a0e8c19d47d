"""The few words that are put around what the text says."""

from fastapi_service.study.from_text.facts import Fact


def capitalised(text: str) -> str:
    """The text with a capital at its start, unless its first word has one of its own, as "mRNA" has."""
    first = text.partition(" ")[0]
    return text if any(map(str.isupper, first)) else text[:1].upper() + text[1:]


def naming_question(fact: Fact) -> str:
    """What is the pressure of water in a cell called?"""
    return f"What {fact.verb} {fact.meaning[0].lower()}{fact.meaning[1:]} called?"


def definition_question(fact: Fact, phrase: str) -> str:
    """What is a stoma?"""
    plural = fact.verb in {"are", "refer to", "are defined as"}
    return f"What {'are' if plural else 'is'} {phrase}?"


def statement(text: str) -> str:
    """A sentence of its own."""
    return capitalised(text.rstrip(".")) + "."
