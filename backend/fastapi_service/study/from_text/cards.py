"""Cards out of the text itself: definitions asked and answered in its words, and sentences with a gap."""

import random
from collections.abc import Iterator, Sequence

from fastapi_service.study.drafts import CardDraft
from fastapi_service.study.from_text.facts import Fact, FactKind
from fastapi_service.study.from_text.material import Chooser, Material
from fastapi_service.study.from_text.terms import Lexicon
from fastapi_service.study.from_text.wording import definition_question, naming_question, statement
from fastapi_service.study.items import CardKind, Sources

_FITTING: dict[CardKind, tuple[frozenset[FactKind], ...]] = {
    "basic": (frozenset({"definition", "naming"}),),
    "cloze": (frozenset({"year", "number", "name", "key_term", "term"}), frozenset({"definition", "naming"})),
}
_ORDER: tuple[CardKind, ...] = ("basic", "cloze")


def card_drafts(sources: Sources, kinds: Sequence[CardKind], rng: random.Random) -> Iterator[CardDraft]:
    """Drafts of these kinds in turn, until the text has no more."""
    material = Material.of(sources)
    chooser = Chooser(material.facts, rng)
    left = [kind for kind in _ORDER if kind in kinds]
    while left:
        for kind in tuple(left):
            fact = _next_fact(kind, chooser)
            if fact is None:
                left.remove(kind)
                continue
            chooser.take(fact)
            yield _basic(fact, material.lexicon) if kind == "basic" else _cloze(fact)


def _next_fact(kind: CardKind, chooser: Chooser) -> Fact | None:
    return next((fact for wanted in _FITTING[kind] if (fact := chooser.next(wanted, ()))), None)


def _basic(fact: Fact, lexicon: Lexicon) -> CardDraft:
    phrase = lexicon.inside_sentence(fact.phrase)
    if fact.kind == "naming":
        return _draft("basic", fact, front=naming_question(fact), back=statement(phrase))
    return _draft("basic", fact, front=definition_question(fact, phrase), back=statement(fact.meaning))


def _cloze(fact: Fact) -> CardDraft:
    return _draft("cloze", fact, text=fact.with_answer("{{c1::" + fact.answer + "}}"))


def _draft(kind: CardKind, fact: Fact, *, front: str = "", back: str = "", text: str = "") -> CardDraft:
    sentence = fact.sentence
    return CardDraft(kind=kind, front=front, back=back, text=text, passage_id=sentence.passage_id, quote=sentence.text)
