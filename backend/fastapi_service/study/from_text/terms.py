"""Finds key terms: names, and nouns that the text uses as nouns again and again."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fastapi_service.study.folding import word_set
from fastapi_service.study.from_text.facts import Fact
from fastapi_service.study.from_text.names import BEFORE_PLACE, NameClass, name_class
from fastapi_service.study.from_text.sentences import Sentence
from fastapi_service.study.from_text.vocabulary import (
    BEFORE_NOUN,
    FUNCTION_WORDS,
    GENERAL_NOUNS,
    NOT_A_NOUN_ENDINGS,
    NOT_BEFORE_NOUN,
)

TERM_MIN_CHARS = 4
ENGLISH_TERM_MIN_USES = 2
PAIR_MIN_USES = 2
FOREIGN_TERM_MIN_CHARS = 6
FOREIGN_TERM_MIN_USES = 3
_DIRECTION = re.compile(r"(?:East|West|North|South) of\b")  # "East of the Elbe" is no name
BARE_PREPOSITIONS = word_set("on in at by for under")
TERM_MAX_SHARE = 0.12  # of all sentences; a word in more of them is the subject of the whole text

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CAPITAL, _SMALL = "[A-ZÀ-ÖØ-Þ]", "[a-zß-öø-ÿ]"
_NAME = re.compile(
    rf"(?:^|(?<=[\w,;] )){_CAPITAL}[\w'’.-]*{_SMALL}[\w'’-]*"
    rf"(?: (?:(?:van|von|de|der|of) (?:(?:der|den|la|the) )?)?{_CAPITAL}[\w'’-]*{_SMALL}(?!\w))+(?! {_CAPITAL})"
)


@dataclass
class Lexicon:
    """How often the text uses its words, and in which company."""

    english: bool
    uses: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    as_noun: Counter[str] = field(default_factory=Counter)
    as_other: Counter[str] = field(default_factory=Counter)
    in_lower_case: Counter[str] = field(default_factory=Counter)
    capitalised: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    names_after: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: int = 0

    @classmethod
    def of(cls, sentences: Sequence[Sentence], *, english: bool) -> "Lexicon":
        lexicon = cls(english)
        for sentence in sentences:
            lexicon._read(sentence.text)
        return lexicon

    def _read(self, text: str) -> None:
        self.total += 1
        for start, end in _names(text):
            said, name = text[:start].split(), text[start:end]
            self.names[name] += 1
            self.names_after[said[-1].lower() if said else "", name] += 1
        tokens = list(_TOKEN.finditer(text))
        self.sentences.update({token[0].lower() for token in tokens})
        for place, token in enumerate(tokens):
            word = token[0].lower()
            self.uses[word] += 1
            self.in_lower_case[word] += token[0][0].islower()
            self.capitalised[word] += place > 0 and token[0][0].isupper()
            before = _neighbour(text, tokens, place, -1)
            after = _neighbour(text, tokens, place, 1)
            self.pairs[f"{before} {word}"] += 1
            if before in NOT_BEFORE_NOUN:
                self.as_other[word] += 1
            elif before in BEFORE_NOUN and (not after or after in FUNCTION_WORDS):
                self.as_noun[word] += 1

    def is_term(self, word: str) -> bool:
        """Whether the word is a noun that is worth knowing."""
        if self.sentences[word] > max(3, TERM_MAX_SHARE * self.total) or any(map(str.isdigit, word)):
            return False
        if not self.english:
            return len(word) >= FOREIGN_TERM_MIN_CHARS and self.uses[word] >= FOREIGN_TERM_MIN_USES
        if len(word) < TERM_MIN_CHARS or word in GENERAL_NOUNS or word in FUNCTION_WORDS:
            return False
        if word.endswith(NOT_A_NOUN_ENDINGS) or self.uses[word] < ENGLISH_TERM_MIN_USES:
            return False
        return self.as_noun[word] >= 1 and self.as_other[word] * 3 <= self.as_noun[word]

    def is_pair(self, first: str, noun: str) -> bool:
        """Whether the two words are one name: "guard cell", not "three cells" or "large cells"."""
        if first in FUNCTION_WORDS or first in GENERAL_NOUNS or len(first) < TERM_MIN_CHARS:
            return False
        return self.pairs[f"{first} {noun}"] >= PAIR_MIN_USES and not first.endswith(("est", "ly"))

    def is_set_phrase(self, before: str, noun: str) -> bool:
        """Whether the noun stands behind this one word only, as in "on board"."""
        return before in BARE_PREPOSITIONS and self.pairs[f"{before} {noun}"] == self.uses[noun]

    def class_of(self, name: str) -> NameClass:
        return name_class(
            name,
            uses=self.names[name],
            after_place_word=sum(self.names_after[before, name] for before in BEFORE_PLACE),
            after_the_or_of=self.names_after["the", name] + self.names_after["of", name],
        )

    def inside_sentence(self, phrase: str) -> str:
        """The phrase as it is written where no sentence begins with it."""
        first, _, rest = phrase.partition(" ")
        lower = first.lower()
        if lower in {"a", "an", "the"} or self.in_lower_case[lower]:
            return f"{lower} {rest}".strip()
        capitals = sum(character.isupper() for character in first)
        is_name = capitals > 1 or self.capitalised[lower] or any(map(str.isdigit, first))
        return phrase if is_name else f"{lower} {rest}".strip()


def terms(sentence: Sentence, lexicon: Lexicon) -> Iterator[Fact]:
    """The names and key terms in the sentence, each with the words that belong to it."""
    names = list(_names(sentence.text)) if lexicon.english else []
    for start, end in names:
        yield Fact("name", sentence, start, end, meaning=lexicon.class_of(sentence.text[start:end]))
    tokens = list(_TOKEN.finditer(sentence.text))
    for place, token in enumerate(tokens):
        within_name = any(start <= token.start() < end for start, end in names)
        if place and not within_name and lexicon.is_term(token[0].lower()):
            first = _noun_phrase_start(sentence.text, lexicon, tokens, place) if lexicon.english else place
            if first is not None:
                yield Fact("term", sentence, tokens[first].start(), token.end())


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Where names of two words or more stand."""
    for match in _NAME.finditer(text):
        start = match.start() + (len("The ") if match[0].startswith("The ") else 0)
        name = text[start : match.end()]
        if " " in name and name.split()[0].lower() not in FUNCTION_WORDS and not _DIRECTION.match(name):
            yield start, match.end()


def _noun_phrase_start(text: str, lexicon: Lexicon, tokens: Sequence[re.Match[str]], place: int) -> int | None:
    """Where the phrase that ends with this noun begins; None where it cannot be told from its neighbours."""
    after = _neighbour(text, tokens, place, 1)
    if after and after not in FUNCTION_WORDS:
        return None
    for first in (place, place - 1):
        before = _neighbour(text, tokens, first, -1)
        if first < 1 or before in NOT_BEFORE_NOUN:
            return None
        if first == place and lexicon.is_set_phrase(before, tokens[place][0].lower()):
            return None
        if before in BEFORE_NOUN:
            return (
                first if first == place or lexicon.is_pair(tokens[first][0].lower(), tokens[place][0].lower()) else None
            )
    return None


def _neighbour(text: str, tokens: Sequence[re.Match[str]], place: int, step: int) -> str:
    """The word beside a token; nothing where a sign or the end of the sentence stands between."""
    other = place + step
    if not 0 <= other < len(tokens):
        return ""
    left, right = sorted((place, other))
    between = text[tokens[left].end() : tokens[right].start()]
    return tokens[other][0].lower() if between.isspace() else ""
