"""Finds sentences that say what something is, or what it is called."""

import re
from collections.abc import Iterator

from fastapi_service.study.from_text.facts import Fact
from fastapi_service.study.from_text.sentences import Sentence
from fastapi_service.study.from_text.vocabulary import (
    FUNCTION_WORDS,
    GENERAL_NOUNS,
    LEANING_NOUNS,
    NO_DEFINITION,
    NOT_A_NOUN_ENDINGS,
)

MEANING_MIN_WORDS = 4
MEANING_MAX_WORDS = 32
NAME_MAX_WORDS = 4

_WORD = r"[^\W_][\w'’/+-]*"
_DEFINITION = re.compile(
    rf"^(?P<phrase>(?:(?:An?|The)\s+)?(?P<name>{_WORD}(?:\s+{_WORD}){{0,3}}?))\s+"
    r"(?P<verb>is|are|refers to|refer to|means|is defined as|are defined as|was|were)\s+"
    r"(?P<meaning>(?:an?|the|any|two|three|all|those|[a-z]+s)\s.+?)\.?$"
)
_NAMING = re.compile(
    r"^(?P<meaning>(?:An?|The|Any|Every)\s+[^,;:()]+?)\s+(?P<verb>is|are|was|were)\s+"
    r"(?:called|known as|termed|named)\s+"
    rf"(?P<phrase>(?:an?\s+|the\s+)?(?P<name>{_WORD}(?:\s+{_WORD}){{0,3}}))(?=[.,;]|\s+(?:and|or|because|when|after|in)\b)"
)
_MAIN_VERB = re.compile(r"\b(is|are|was|were|has|have|had|can|may|must|will|would|should|do|does|did)\b")

_ANOTHER_CLAUSE = re.compile(r",? (?:and|but|so) (?:it|they|he|she|this|these) ")
_WHICH = re.compile(r"\b(?:that|which|who|whose|whom)\b")


def definitions(sentence: Sentence) -> Iterator[Fact]:
    """At most one fact: "A stoma is a pore …" or "The fluid … is called the stroma"."""
    for kind, pattern in (("naming", _NAMING), ("definition", _DEFINITION)):
        match = pattern.match(sentence.text)
        if match is None or not _is_name(match["name"]):
            continue
        meaning = _ANOTHER_CLAUSE.split(match["meaning"])[0].strip()
        if not MEANING_MIN_WORDS <= len(meaning.split()) <= MEANING_MAX_WORDS:
            continue
        if kind == "definition" and (
            _tells_nothing(meaning) or not _is_general(match["phrase"], match["verb"], meaning)
        ):
            continue
        if kind == "naming" and _MAIN_VERB.search(meaning.partition(" that ")[0].partition(" which ")[0]):
            continue
        start, end = match.span("name")
        yield Fact(
            "naming" if kind == "naming" else "definition",
            sentence,
            start,
            end,
            phrase=match["phrase"],
            verb=match["verb"],
            meaning=meaning,
        )
        return


def _is_name(name: str) -> bool:
    said = name.lower().split()
    if len(said) > NAME_MAX_WORDS or any(word in FUNCTION_WORDS and word not in {"of", "the"} for word in said):
        return False
    if said[0] == "of" or said[-1] in {"of", "the"} or said[-1].isdigit():
        return False
    if said[-1].endswith(("ly", "ed")) or said[0] in LEANING_NOUNS:
        return False
    return said[-1] not in GENERAL_NOUNS or len(said) > 1


def _is_general(phrase: str, verb: str, meaning: str) -> bool:
    """Whether it is said of a whole kind. In the past tense most sentences tell what happened to one."""
    if verb not in {"was", "were"}:
        return True
    return not phrase.startswith("The ") and (verb == "were" or phrase.startswith("A")) and bool(_WHICH.search(meaning))


def _tells_nothing(meaning: str) -> bool:
    lower = meaning.lower()
    if lower.startswith(NO_DEFINITION):
        return True
    first = lower.split()[0]
    # "Plants are sometimes …", "Cells are less …": no noun follows.
    return first not in {"a", "an", "the", "any", "two", "three", "all", "those"} and (
        first in FUNCTION_WORDS or first.endswith(NOT_A_NOUN_ENDINGS) or first.endswith("ss")
    )
