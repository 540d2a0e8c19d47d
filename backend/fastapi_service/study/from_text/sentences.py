"""Cuts a passage into sentences that can stand alone; headings, tables and code are left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from fastapi_service.study.folding import words
from fastapi_service.study.from_text.vocabulary import (
    ABBREVIATIONS,
    LEANING_NOUNS,
    LEANING_OPENINGS,
    LEANING_STARTS,
    LINKING,
    OPENING_PREPOSITIONS,
    POINTING,
    REFERRING_NOUNS,
    REFERRING_OPEN,
    SUBORDINATORS,
)
from fastapi_service.study.items import Sources

SENTENCE_MIN_WORDS = 6
SENTENCE_MAX_WORDS = 42
SENTENCE_MAX_CHARS = 400
LONGEST_ABBREVIATION = 20  # characters
HEADING_MAX_CHARS = 90
HEADING_MAX_WORDS = 10
LETTERS_MIN_SHARE = 0.6  # of a line of prose; formulas, tables and code have fewer

_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•‣◦–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+")
_NOT_PROSE = re.compile(r"\||\t|  {3,}\S|[{};]\s*$|[<>=]{2}|\\[a-z]+|^\s*(?:#|>|//)")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\Wa-z_]|\s*$)|[。！？｡؟۔।]+[”’」』）]*")
_LAST_WORD = re.compile(r"([\w.]+)\.[\"'”’»)\]]*$")
_BEGINS = re.compile(r"^[\"“‘'«(]?[^\W_a-z]")
_CLOSED = re.compile(r"[.。｡।۔][”\"’」』）)]?$")
_UNCLEAR = re.compile(r"[?!:;]|…|\.\.\.|[\"“”]|\betc\b|\bsee\b|\[\d+\]|\w- |\b[^\W\d_A-Z]+ [A-Z]\. ")
# "Max Perutz found its structure": of what?
_PERSON_AND_THING = re.compile(
    r"^(?:(?:In|By|Since|On|Around) (?:[A-Z][a-z]+ )?\d{4},? )?"
    r"[A-Z][a-z]+ [A-Z]\w+(?:(?! an? | the ).)*\b(?:its|it|them|their)\b"
)
# "Lords, by contrast, were strong", "The time grows, however."
_LINKED = re.compile(
    r", (?:however|by contrast|in contrast|therefore|thus|for example|for instance|too|though|in turn|in fact"
    r"|on the other hand|of course|then|nevertheless|nonetheless|moreover|furthermore|similarly|likewise)[,.]"
    r"|\binstead[,.]"
)
# "The rebels burned", "The miller could not": a story goes on.
_STORY = re.compile(r"^The [a-z]+ (?:[a-z]+ed|was|were|had|could|did|would|might)\b")
EARLY, LATE = 5, 9  # words from the start within which a pronoun has nothing, or only a place or time, before it


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on one line, and where it is from."""

    passage_id: str
    number: int
    text: str


def sentences_of(sources: Sources) -> list[Sentence]:
    """All sentences of all passages, in their order, each once."""
    seen: dict[str, Sentence] = {}
    for source in sources:
        for text in sentences(source.text):
            seen.setdefault(text, Sentence(source.id, len(seen), text))
    return list(seen.values())


def sentences(text: str) -> Iterator[str]:
    """The sentences of the prose in `text`."""
    for block in _blocks(text):
        start = 0
        for end in _END.finditer(block):
            if not _is_abbreviated(block[max(start, end.end() - LONGEST_ABBREVIATION) : end.end()]):
                yield block[start : end.end()].strip()
                start = end.end()


def stands_alone(sentence: str, *, english: bool) -> bool:
    """Whether a student understands the sentence without its neighbours, and it states something."""
    count = len(words(sentence))
    if not SENTENCE_MIN_WORDS <= count <= SENTENCE_MAX_WORDS or len(sentence) > SENTENCE_MAX_CHARS:
        return False
    if not _CLOSED.search(sentence) or not _BEGINS.match(sentence) or _UNCLEAR.search(sentence):
        return False
    return not (english and _leans(sentence))


def _leans(sentence: str) -> bool:
    if _PERSON_AND_THING.match(sentence) or _LINKED.search(sentence) or _STORY.match(sentence):
        return True
    lower = sentence.lower()
    said = re.findall(r"[^\W\d_]+", lower)
    if not said or said[0] in LEANING_STARTS or lower.startswith(LEANING_OPENINGS):
        return True
    if said[0] == "the" and len(said) > 1 and said[1] in LEANING_NOUNS:
        # "The rate of a reaction is" says which rate; "The process is" does not.
        return len(said) < 3 or said[2] != "of" or said[1] in {"first", "second", "last", "rest", "two", "three"}
    if said[0] == "each" and len(said) > 2 and said[2] not in REFERRING_OPEN:
        return True
    if LINKING.intersection(said[:5]) and said[0] not in SUBORDINATORS:
        return True
    return bool(POINTING.intersection(said)) or _has_loose_pronoun(said) or _has_loose_noun(said)


def _has_loose_pronoun(said: list[str]) -> bool:
    """Whether a pronoun stands for something that was named before the sentence."""
    if (said[0] == "each" and said[1].endswith("s")) or {"its", "their", "his", "her"}.intersection(said[:4]):
        return True
    early = 3 if said[0] in SUBORDINATORS else EARLY
    late = LATE if said[0] in OPENING_PREPOSITIONS else early
    for place, word in enumerate(said):
        if word in {"it", "they", "he", "she"} and place < late:
            return True
        if word in {"they", "them", "their"} and not any(_is_plural(other) for other in said[:place]):
            return True
    return False


def _has_loose_noun(said: list[str]) -> bool:
    """Whether there is a "the process" without an "of" that says which."""
    return any(
        article == "the" and noun in REFERRING_NOUNS and after not in REFERRING_OPEN and noun not in said[:place]
        for place, (article, noun, after) in enumerate(zip(said, said[1:], [*said[2:], ""], strict=False))
    )


def _is_plural(word: str) -> bool:
    return word in {"and", "people", "children", "men", "women", "bacteria"} or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "was", "has"))
    )


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs and list items, each on one line."""
    block: list[str] = []
    fenced = False
    lines = [*text.splitlines(), ""]
    for line, following in pairwise([*lines, ""]):
        is_fence = bool(_FENCE.match(line))
        fenced ^= is_fence
        mark = _LIST_MARK.match(line)
        apart = is_fence or fenced or not _is_prose(line) or (not block and _is_heading(line, following))
        if (apart or mark) and block:
            yield " ".join(block)
            block = []
        if not apart:
            block.append(line[mark.end() :].strip() if mark else line.strip())


def _is_prose(line: str) -> bool:
    bare = line.strip()
    if not bare or _NOT_PROSE.search(line):
        return False
    return sum(character.isalpha() or character.isspace() for character in bare) >= LETTERS_MIN_SHARE * len(bare)


def _is_heading(line: str, following: str) -> bool:
    """A short line that no sentence ends in and no sentence runs on from."""
    bare = line.strip()
    if len(bare) > HEADING_MAX_CHARS or len(bare.split()) > HEADING_MAX_WORDS:
        return False
    return not _END.search(bare) and not following.lstrip()[:1].islower()


def _is_abbreviated(piece: str) -> bool:
    last = _LAST_WORD.search(piece)
    if not last:
        return False
    word = last[1].lower()
    return word in ABBREVIATIONS or word.split(".")[-1] in ABBREVIATIONS or (len(word) == 1 and word.isalpha())
