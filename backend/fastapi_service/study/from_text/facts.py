"""A fact: one sentence and the place in it that a student should know."""

from dataclasses import dataclass
from typing import Literal

from fastapi_service.study.from_text.sentences import Sentence

FactKind = Literal["definition", "naming", "number", "year", "name", "key_term", "term"]
PLURAL_VERBS = frozenset({"are", "were", "refer to", "are defined as"})
FalseIf = Literal["other", "larger", "smaller", "never"]


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """`sentence.text[start:end]` is the answer.

    `phrase` is the answer with its article, `meaning` what a definition says of it, `verb` the verb between them. Of a
    number `meaning` is the unit, of a name what it is a name of. `false_if` says which other numbers are surely wrong:
    where it is "more than 35 litres", smaller ones are as right.
    """

    kind: FactKind
    sentence: Sentence
    start: int
    end: int
    phrase: str = ""
    verb: str = ""
    meaning: str = ""
    false_if: FalseIf = "other"

    @property
    def answer(self) -> str:
        return self.sentence.text[self.start : self.end]

    def with_answer(self, text: str) -> str:
        """The sentence with `text` in place of the answer."""
        return self.sentence.text[: self.start] + text + self.sentence.text[self.end :]
