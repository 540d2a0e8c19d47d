"""Wrong answers of the same kind as the right one, from the text itself, and surely wrong."""

import random
from heapq import nsmallest

from fastapi_service.study.folding import content_words, folded, likeness, words
from fastapi_service.study.from_text.facts import PLURAL_VERBS, Fact, FactKind
from fastapi_service.study.from_text.material import Material, by_kind, shares_meaning
from fastapi_service.study.from_text.numbers import PERCENT, value_of
from fastapi_service.study.items import OPTIONS

NUMBER_MAX_RATIO = 10  # between a wrong number and the right one: farther ones are seen to be wrong
NUMBER_MIN_DISTANCE = 0.15  # of the right number: "about 70" is as right as "about 74"
MEANING_MAX_LIKENESS = 0.7  # of two definitions: closer ones may be of the same thing
SAME_PASSAGE_BONUS = 0.1  # likeness that a neighbour is worth: it is harder to rule out
YEAR_MAX_DISTANCE = 150  # "In 2011 or in 1349?" is no question
LENGTH_MAX_RATIO = 2.5
POOL_MAX = 150
ENOUGH = OPTIONS - 1


class Distractors:
    """The pools of a text's answers, by kind."""

    def __init__(self, material: Material, rng: random.Random) -> None:
        self._material = material
        self._pools = by_kind(material.facts)
        self._rng = rng

    def of(self, fact: Fact) -> list[str]:
        """Wrong answers, the most tempting first, each as it is to be written in the place of the right one."""
        found: dict[str, str] = {}
        for text in self._candidates(fact):
            key = " ".join(word.removesuffix("s") for word in words(text))
            if key and not _overlap(text, fact.answer) and not folded(fact.sentence.text).holds(text):
                found.setdefault(key, text)
        return list(found.values())

    def _candidates(self, fact: Fact) -> list[str]:
        if fact.kind in {"definition", "naming"}:
            return self._defined(fact)
        return self._shuffled(self._numbers(fact) if fact.kind in {"year", "number"} else self._named(fact))

    def _shuffled(self, texts: list[str]) -> list[str]:
        return self._rng.sample(texts, len(texts))

    def _defined(self, fact: Fact) -> list[str]:
        """What else the text defines in the same number, if neither is a kind of the other."""
        found: list[tuple[float, str]] = []
        meant = content_words(fact.meaning)
        for other in self._pool("definition", "naming", near=fact):
            if _is_plural(other) != _is_plural(fact) or other.sentence == fact.sentence:
                continue
            # "Rubisco is an enzyme": whatever is said of enzymes holds for Rubisco too.
            if folded(other.sentence.text).holds(fact.answer) or _is_kind_of(other, fact):
                continue
            near = likeness(content_words(other.meaning), meant)
            if near <= MEANING_MAX_LIKENESS:
                bonus = SAME_PASSAGE_BONUS * (other.sentence.passage_id == fact.sentence.passage_id)
                found.append((near + bonus, self._material.lexicon.inside_sentence(other.phrase)))
        self._rng.shuffle(found)
        return [text for _, text in sorted(found, key=lambda each: -each[0])]

    def _numbers(self, fact: Fact) -> list[str]:
        """Other numbers of the same unit and shape, or where there are too few, of the same shape."""
        others = [other for other in self._pool(fact.kind, near=fact) if _is_wrong_number(other, fact)]
        if fact.kind == "year":
            right = value_of(fact.answer)
            nearest = sorted({(abs(value_of(other.answer) - right), other.answer) for other in others})
            return [year for _, year in nearest[: 2 * ENOUGH]]
        same_unit = [other.answer for other in others if other.meaning == fact.meaning]
        return same_unit if len(set(same_unit)) >= ENOUGH else [other.answer for other in others]

    def _named(self, fact: Fact) -> list[str]:
        """Names or terms of the same shape that the text never brings together with the right one."""
        found = []
        with_right = self._material.with_words(fact.answer)
        for other in self._pool(fact.kind, near=fact):
            if (_shape(other), other.meaning) != (_shape(fact), fact.meaning):
                continue
            if self._material.with_words(other.answer) & with_right:
                continue
            ratio = len(other.answer) / len(fact.answer)
            if not shares_meaning(fact, other) and 1 / LENGTH_MAX_RATIO <= ratio <= LENGTH_MAX_RATIO:
                found.append(other.answer)
        return found

    def _pool(self, *kinds: FactKind, near: Fact) -> list[Fact]:
        """The facts of these kinds that stand nearest in the text; farther ones tempt nobody."""
        pool = [fact for kind in kinds for fact in self._pools[kind]]
        return nsmallest(POOL_MAX, pool, key=lambda fact: abs(fact.sentence.number - near.sentence.number))


def _overlap(one: str, other: str) -> bool:
    return folded(one).holds(other) or folded(other).holds(one)


def _is_wrong_number(other: Fact, fact: Fact) -> bool:
    value, right = value_of(other.answer), value_of(fact.answer)
    if (
        fact.false_if == "never"
        or value == right
        or (fact.false_if, value > right) in {("smaller", True), ("larger", False)}
    ):
        return False
    if fact.kind == "year":
        return abs(value - right) <= YEAR_MAX_DISTANCE
    if ("." in other.answer) != ("." in fact.answer) or (fact.meaning in PERCENT and value > 100):
        return False
    return abs(value - right) > NUMBER_MIN_DISTANCE * right and max(value, right) <= NUMBER_MAX_RATIO * min(
        value, right
    )


def _is_plural(fact: Fact) -> bool:
    return fact.verb in PLURAL_VERBS


def _is_kind_of(other: Fact, fact: Fact) -> bool:
    """Whether what `other` means begins with the last word of the answer, as in "a guard cell: a cell that …"."""
    last = words(fact.answer)[-1].removesuffix("s")
    return any(word.removesuffix("s") == last for word in words(other.meaning))


def _shape(fact: Fact) -> tuple[bool, bool, str]:
    """Number, count of words, and the word before: what betrays an answer by grammar alone."""
    before = fact.sentence.text[: fact.start].split()
    article = before[-1].lower() if before and before[-1].lower() in {"a", "an", "the"} else ""
    said = fact.answer.split()
    plural = said[-1].endswith("s") and not said[-1].endswith(("ss", "is", "us"))
    return plural, len(said) > 1, article
