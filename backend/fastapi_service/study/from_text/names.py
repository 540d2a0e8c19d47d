"""Tells what a name is a name of, by its words and by the company that it keeps."""

from typing import Literal

from fastapi_service.study.folding import word_set

NameClass = Literal["person", "place", "law", "event", "body", "building", "idea", "thing"]

BEFORE_PLACE = word_set("in at near from to into across outside through towards between")
_TITLES = word_set(
    "mr mrs miss ms dr sir lord lady king queen prince princess emperor empress pope bishop archbishop cardinal "
    "president chancellor minister mayor judge justice general captain colonel duke duchess earl count baron professor"
)
_WORDS: dict[NameClass, frozenset[str]] = {
    "law": word_set("act law bill statute ordinance decree treaty charter constitution convention code"),
    "event": word_set(
        "war wars battle siege revolution rebellion revolt crisis depression death plague age ages era period dynasty"
    ),
    "body": word_set(
        "court parliament congress senate house council committee commission ministry office department party church "
        "college university school academy institute institution laboratory society association union league company "
        "corporation bank museum library hospital"
    ),
    "building": word_set("palace castle abbey cathedral temple tower bridge gate wall street road square park station"),
    "idea": word_set(
        "theorem theory effect principle rule rights case prize medal award project programme program system protocol "
        "network model algorithm engine language standard disease syndrome test scale equation"
    ),
}


def name_class(name: str, *, uses: int, after_place_word: int, after_the_or_of: int) -> NameClass:
    """What the name is of; the numbers say how often the text has it, and how often behind such a word."""
    said = set(name.lower().split())
    if said & _TITLES:
        return "person"
    for each, its_words in _WORDS.items():
        if said & its_words:
            return each
    if after_the_or_of * 2 > uses:
        return "thing"
    return "place" if after_place_word * 2 > uses else "person"
