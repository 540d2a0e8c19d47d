"""Words as the index knows them: folded, stemmed by language, and bigrams of what is written without spaces.

Pure Python and a stemmer, without Django: the child process that reads a file makes the terms of its passages.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

import Stemmer  # type: ignore[import-not-found]  # compiled, without types

from apps.documents.passages.folding import BROKEN_WORD, UNSPACED, accents_removed
from apps.documents.passages.words import FUNCTION_WORDS, REQUEST_WORDS

MAX_TERMS = 64  # of a question; a pasted essay would make a slow query
TERM_MAX_CHARS = 64  # longer ones are no words; a database bounds them too
DEFAULT_LANGUAGE = "en"  # of a text whose language is not known
# ISO 639-1 to the stemmer's names.
STEMMERS = {
    **{"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english"},
    **{"es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french"},
    **{"ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian"},
    **{"lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "nb": "norwegian", "pl": "polish"},
    **{"pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil"},
    **{"tr": "turkish", "yi": "yiddish"},
}
_MARKS = re.escape("".join(c for c in map(chr, range(0x300, 0xB000)) if unicodedata.category(c) in {"Mn", "Mc"}))
WORD = re.compile(f"(?:[^\\W_][{_MARKS}]*)+")
RUN = re.compile(f"[{UNSPACED}{_MARKS}]+|[^{UNSPACED}]+")
WITHOUT_SPACES = re.compile(f"[{UNSPACED}]")
SHY = "\u00ad"


def terms_of_text(text: str, language: str) -> str:
    """The terms of a text in its order, joined by spaces, for the index. `language` is ISO 639-1, or empty."""
    return " ".join(_terms(text, _stemmed_by(language)))


def terms_of_question(question: str, languages: Iterable[str] = ()) -> list[str]:
    """The terms that can tell one passage from another, each once; none when the question asks for the whole.

    `languages` are those of the texts asked about: a word is stemmed as each of them would have it.
    """
    words = [word for word in _words(question) if accents_removed(word) not in FUNCTION_WORDS]
    if REQUEST_WORDS.issuperset(map(accents_removed, words)):
        return []
    names = dict.fromkeys(language if language in STEMMERS else DEFAULT_LANGUAGE for language in languages)
    stems = [_stemmed_by(name) for name in names or (DEFAULT_LANGUAGE,)]
    terms = (term for word in words for stem in stems for term in _terms_of_word(word, stem))
    return list(dict.fromkeys(terms))[:MAX_TERMS]


def _terms(text: str, stem: Stemmer.Stemmer) -> Iterator[str]:
    return (term for word in _words(text) for term in _terms_of_word(word, stem))


def _words(text: str) -> Iterator[str]:
    """Small, whole where a line end broke them, with their accents: the stemmers need those."""
    joined = BROKEN_WORD.sub("", text).replace(SHY, "").encode("utf-8", "ignore").decode()
    return (match.group() for match in WORD.finditer(unicodedata.normalize("NFKC", joined).casefold()))


def _terms_of_word(word: str, stem: Stemmer.Stemmer) -> Iterator[str]:
    if word.isascii():  # most are, and each is one run
        yield _term(word, stem)
        return
    for match in RUN.finditer(word):
        run = match.group()
        if not WITHOUT_SPACES.match(run):
            yield _term(run, stem)
        elif len(run) == 1:
            yield run
        else:
            yield from (first + second for first, second in pairwise(run))


@lru_cache(maxsize=50_000)
def _term(word: str, stem: Stemmer.Stemmer) -> str:
    return sys.intern(accents_removed(stem.stemWord(word[:TERM_MAX_CHARS])))


@lru_cache(maxsize=64)
def _stemmed_by(language: str) -> Stemmer.Stemmer:
    # Without its own cache: then all that it does is one call under the interpreter's lock, so threads may share it.
    return Stemmer.Stemmer(STEMMERS.get(language, STEMMERS[DEFAULT_LANGUAGE]), 0)
