"""All that a text offers: its facts, and what may stand beside each as a wrong answer."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from fastapi_service.study.folding import content_words, fold, words
from fastapi_service.study.from_text.definitions import definitions
from fastapi_service.study.from_text.facts import Fact, FactKind
from fastapi_service.study.from_text.numbers import numbers
from fastapi_service.study.from_text.sentences import Sentence, sentences_of, stands_alone
from fastapi_service.study.from_text.terms import Lexicon, terms
from fastapi_service.study.from_text.vocabulary import FUNCTION_WORDS
from fastapi_service.study.items import Sources

ENGLISH_MIN_SHARE = 0.25  # of function words; other languages share only a few of them
GAP_SENTENCE_MIN_WORDS = 8
TIERS: dict[FactKind, int] = {"definition": 0, "naming": 0, "name": 0, "year": 0, "number": 0, "key_term": 1, "term": 2}


@dataclass(frozen=True)
class Material:
    """The sentences of a text, what its words are, and the facts of those sentences that stand alone."""

    english: bool
    sentences: tuple[Sentence, ...]
    index: Mapping[str, Set[int]]
    lexicon: Lexicon
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, sources: Sources) -> "Material":
        sentences = tuple(sentences_of(sources))
        english = _is_english(sentences)
        lexicon = Lexicon.of(sentences, english=english)
        alone = [sentence for sentence in sentences if stands_alone(sentence.text, english=english)]
        facts = _ranked([fact for sentence in alone for fact in _facts(sentence, lexicon)])
        return cls(english, sentences, _index(sentences), lexicon, facts)

    def with_words(self, text: str) -> Set[int]:
        """The numbers of the sentences in which all these words stand."""
        return frozenset.intersection(*(frozenset(self.index.get(word, ())) for word in set(words(text)) or {""}))


class Chooser:
    """Hands out facts: each sentence and each answer once, good ones first, from all passages alike."""

    def __init__(self, facts: Sequence[Fact], rng: random.Random) -> None:
        self._free = sorted(rng.sample(facts, len(facts)), key=lambda fact: TIERS[fact.kind])
        self._answers = {fact: fold(fact.answer) for fact in facts}
        self._passages: Counter[str] = Counter()

    def next(self, wanted: Collection[FactKind], refused: Collection[Fact]) -> Fact | None:
        """The best fact of these kinds that is still to be had; it counts as used only once it is taken."""
        free = (fact for fact in self._free if fact.kind in wanted and fact not in refused)
        return min(free, key=self._rank, default=None)

    def take(self, fact: Fact) -> None:
        answer = self._answers[fact]
        self._passages[fact.sentence.passage_id] += 1
        self._free = [
            other
            for other in self._free
            if other.sentence.number != fact.sentence.number and self._answers[other] != answer
        ]

    def _rank(self, fact: Fact) -> tuple[int, int]:
        return TIERS[fact.kind], self._passages[fact.sentence.passage_id]


def _index(sentences: Sequence[Sentence]) -> Mapping[str, Set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for sentence in sentences:
        for word in words(sentence.text):
            index[word].add(sentence.number)
    return dict(index)


def _facts(sentence: Sentence, lexicon: Lexicon) -> Iterator[Fact]:
    if lexicon.english:
        yield from definitions(sentence)
    # "A litre of blood holds 200 millilitres" says too little to be asked without its neighbours.
    if len(words(sentence.text)) >= GAP_SENTENCE_MIN_WORDS:
        for fact in (*numbers(sentence), *terms(sentence, lexicon)):
            if not repeated(fact):
                yield fact


def _ranked(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The same, the terms that the text itself explains marked as its key terms."""
    explained = {_key(fact.answer) for fact in facts if fact.kind in {"definition", "naming"}}
    return tuple(
        replace(fact, kind="key_term") if fact.kind == "term" and _key(fact.answer) in explained else fact
        for fact in facts
    )


def _key(answer: str) -> str:
    return " ".join(_stem(word) for word in words(answer))


def repeated(fact: Fact) -> Set[str]:
    """The stems of the answer that stand elsewhere in its sentence too, and so give it away."""
    return stems(fact.answer) & stems(fact.with_answer(" "))


def stems(text: str) -> Set[str]:
    """The beginnings of the words that carry meaning, the same for a word's other forms."""
    return frozenset(_stem(word) for word in words(text) if word not in FUNCTION_WORDS)


def _stem(word: str) -> str:
    return word[:5] if len(word) > 5 else word.removesuffix("s")


def _is_english(sentences: Sequence[Sentence]) -> bool:
    said = Counter(word for sentence in sentences for word in sentence.text.lower().split())
    function_words = sum(count for word, count in said.items() if word in FUNCTION_WORDS)
    return function_words >= ENGLISH_MIN_SHARE * max(1, said.total())


def by_kind(facts: Sequence[Fact]) -> dict[FactKind, list[Fact]]:
    grouped: dict[FactKind, list[Fact]] = defaultdict(list)
    for fact in facts:
        grouped[fact.kind].append(fact)
    return grouped


def shares_meaning(one: Fact, other: Fact) -> bool:
    """Whether the sentences of two facts speak of the same things, so that one's answer may be right for the other."""
    mine = content_words(one.with_answer(" ")) - FUNCTION_WORDS
    its = content_words(other.with_answer(" ")) - FUNCTION_WORDS
    return len(mine & its) >= 2
