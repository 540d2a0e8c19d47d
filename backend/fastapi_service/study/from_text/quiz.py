"""Questions out of the text itself: right by construction, since each is a sentence of the text and one gap in it."""

import random
from collections.abc import Callable, Iterator, Sequence

from fastapi_service.study.drafts import QuizDraft
from fastapi_service.study.from_text.distractors import Distractors
from fastapi_service.study.from_text.facts import Fact, FactKind
from fastapi_service.study.from_text.material import Chooser, Material, repeated, stems
from fastapi_service.study.from_text.wording import capitalised, naming_question
from fastapi_service.study.items import GAP, OPTIONS, QuizKind, Sources

VERDICTS = (True, True, False, False)  # in an order of their own each time: as many true ones as false ones

_FITTING: dict[QuizKind, tuple[frozenset[FactKind], ...]] = {
    "short_answer": (frozenset({"definition", "naming"}),),
    "single_choice": (frozenset({"definition", "naming", "year", "number", "name"}), frozenset({"key_term"})),
    "true_false": (frozenset({"definition", "naming", "year", "number", "name"}),),
    # The others need definitions more than gaps do.
    "cloze": (frozenset({"year", "number", "name", "key_term", "term"}), frozenset({"definition", "naming"})),
}
# The kinds that find the fewest facts choose first.
_ORDER: tuple[QuizKind, ...] = ("short_answer", "single_choice", "true_false", "cloze")


def quiz_drafts(sources: Sources, kinds: Sequence[QuizKind], rng: random.Random) -> Iterator[QuizDraft]:
    """Drafts of these kinds in turn, until the text has no more."""
    material = Material.of(sources)
    chooser = Chooser(material.facts, rng)
    writer = _Writer(material, rng)
    left = [kind for kind in _ORDER if kind in kinds]
    while left:
        for kind in tuple(left):
            draft = _next_draft(kind, chooser, writer)
            if draft is None:
                left.remove(kind)
            else:
                yield draft


def _next_draft(kind: QuizKind, chooser: Chooser, writer: "_Writer") -> QuizDraft | None:
    refused: set[Fact] = set()
    for wanted in _FITTING[kind]:
        while (fact := chooser.next(wanted, refused)) is not None:
            if draft := writer.write(kind, fact):
                chooser.take(fact)
                return draft
            refused.add(fact)
    return None


class _Writer:
    """Turns a fact into a draft of a kind, where it can be one."""

    def __init__(self, material: Material, rng: random.Random) -> None:
        self._english = material.english
        self._lexicon = material.lexicon
        self._rng = rng
        self._distractors = Distractors(material, rng)
        self._verdicts: list[bool] = []
        self._kinds: dict[QuizKind, Callable[[Fact], QuizDraft | None]] = {
            "short_answer": self._short_answer,
            "single_choice": self._single_choice,
            "true_false": self._true_false,
            "cloze": self._cloze,
        }

    def write(self, kind: QuizKind, fact: Fact) -> QuizDraft | None:
        return self._kinds[kind](fact)

    def _short_answer(self, fact: Fact) -> QuizDraft | None:
        if fact.kind == "naming":
            question = naming_question(fact)
        else:
            question = f"What does the text describe as “{fact.meaning}”?"
        phrase = self._lexicon.inside_sentence(fact.phrase)
        return _draft("short_answer", fact, question, fact.answer, accepted=[fact.answer, phrase])

    def _single_choice(self, fact: Fact) -> QuizDraft | None:
        wrong = self._distractors.of(fact)
        if clue := repeated(fact):  # "A tree house is a house": which option has a house in it?
            wrong.sort(key=lambda text: not clue & stems(text))
        wrong = wrong[: OPTIONS - 1]
        if len(wrong) < OPTIONS - 1 or (clue and not clue & stems(wrong[0])):
            return None
        question, answer = fact.with_answer(GAP), fact.answer
        if fact.phrase:  # an article before the gap would say which nouns fit
            at = fact.end - len(fact.phrase)
            question = fact.sentence.text[:at] + GAP + fact.sentence.text[fact.end :]
            answer = self._lexicon.inside_sentence(fact.phrase)
        if fact.kind == "definition":
            answer, *wrong = [capitalised(text) for text in (answer, *wrong)]
        return _draft("single_choice", fact, question, answer, options=[answer, *wrong])

    def _true_false(self, fact: Fact) -> QuizDraft | None:
        if not self._verdicts:
            self._verdicts = self._rng.sample(VERDICTS, len(VERDICTS))
        wrong = [] if self._verdicts[-1] else self._distractors.of(fact)
        if (verdict := not wrong) in self._verdicts:
            self._verdicts.remove(verdict)
        if verdict:
            return _draft("true_false", fact, fact.sentence.text, "true")
        text, at = wrong[0], fact.end - len(fact.phrase or fact.answer)
        if at == 0:
            text = capitalised(text)
        statement = fact.sentence.text[:at] + text + fact.sentence.text[fact.end :]
        right = self._lexicon.inside_sentence(fact.phrase) if fact.phrase else fact.answer
        told = f"The text says “{right}” here, not “{wrong[0]}”." if self._english else ""
        return _draft("true_false", fact, statement, "false", explanation=told)

    def _cloze(self, fact: Fact) -> QuizDraft | None:
        return _draft("cloze", fact, fact.with_answer(GAP), fact.answer)


def _draft(
    kind: QuizKind,
    fact: Fact,
    question: str,
    answer: str,
    *,
    options: Sequence[str] = (),
    accepted: Sequence[str] = (),
    explanation: str = "",
) -> QuizDraft:
    """Choosing is easier than recalling; the text itself tells no more about difficulty."""
    return QuizDraft(
        kind=kind,
        question=question,
        options=list(options),
        answer=answer,
        accepted=list(accepted),
        explanation=explanation or fact.sentence.text,
        difficulty="easy" if kind in {"single_choice", "true_false"} else "medium",
        passage_id=fact.sentence.passage_id,
        quote=fact.sentence.text,
    )
