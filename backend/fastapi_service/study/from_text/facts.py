"""A fact: one sentence and the place in it that a student should know."""

from dataclasses import dataclass
from typing import Literal

from fastapi_service.study.from_text.sentences import Sentence

FactKind = Literal["definition", "naming", "number", "year", "name", "key_term", "term"]


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """`sentence.text[start:end]` is the answer.

    `phrase` is the answer with its article, `meaning` what a definition says of it, `verb` the verb between them.
    """

    kind: FactKind
    sentence: Sentence
    start: int
    end: int
    phrase: str = ""
    verb: str = ""
    meaning: str = ""

    @property
    def answer(self) -> str:
        return self.sentence.text[self.start : self.end]

    def with_answer(self, text: str) -> str:
        """The sentence with `text` in place of the answer."""
        return self.sentence.text[: self.start] + text + self.sentence.text[self.end :]
