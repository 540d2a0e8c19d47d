"""What can be seen, without understanding, of options: equal ones, and such as are right beside the marked one."""

import re
from collections.abc import Sequence

from fastapi_service.study.folding import Folded, fold, folded, holds_some_form
from fastapi_service.study.gaps import BLANK, WRAPPING, fill
from fastapi_service.study.items import Sources
from fastapi_service.study.reasons import Reason

_LABEL = re.compile(r"\(?(?P<mark>[a-dA-D1-4])[).:]\s+(?=\S)")
_LABELS = frozenset({"abcd", "1234"})
# Texts are folded: an accented letter is followed by its accent.
_CATCH_ALL = re.compile(
    r"^(all|none|both|neither|any|either)( (of|are|the|these|those|options|answers|choices|above|below|correct))* "
    r"(above|below|these|those|options|answers|choices|correct|them)\b|^(both )?[a-d] and [a-d]\b"
    r"|^(alle|keine?)( (der|von|oben))* (genannten|obigen|vorigen|antworten|aussagen)\b"
    r"|^(toutes?|tous|aucune?) (les|des|de ces|ces) (r\S+ponses|propositions|pr\S+dentes)\b"
    r"|^(todas?|ningun[ao]) (de )?(las|los) (anteriores|respuestas|opciones)\b"
)
_BETWEEN_EQUALS = re.compile(
    r"[\s,;/&()]*(?:(?:and|or|both|either|as well as|und|oder|et|ou|y|o)\b[\s,]*)?"
    r"(?:(?:the|a|an)\b\s*)?"
)
# Cyrillic letters, and a Greek one, that nobody can tell from Latin ones; folded texts are in lower case.
_LOOK_ALIKES = str.maketrans("аеіорсухѕјο", "aeiopcyxsjo")


def unlabelled(options: Sequence[str], answer: str) -> tuple[list[str], str]:
    """Options without "A)" to "D)" before them, for they are shuffled; the answer without its own."""
    stripped = [option.strip() for option in options]
    labels = [_LABEL.match(option) for option in stripped]
    if "".join(label["mark"].lower() for label in labels if label) not in _LABELS:
        return stripped, answer.strip()
    bare = [option[label.end() :] for option, label in zip(stripped, labels, strict=False) if label]
    answers = dict(zip(map(fold, stripped), bare, strict=False))
    return bare, answers.get(fold(answer), answer.strip())


def option_key(option: str) -> str:
    """Options that differ only by an article, by signs at their ends or by letters of the same look are equal."""
    whole = fold(option)
    bare = whole.strip(WRAPPING + "!?,;:") or whole
    return re.sub(r"^(the|an?) (?=.)", "", bare.translate(_LOOK_ALIKES))


def flaw_of(options: Sequence[str], answer: str) -> Reason | None:
    """What is wrong with the options alone."""
    keys = [option_key(option) for option in options]
    if len(set(keys)) < len(keys):
        return "equal_options"
    if any(_CATCH_ALL.search(fold(option)) for option in options):
        return "catch_all_option"
    return None if option_key(answer) in keys else "answer_not_among_options"


def wrong_key(question: str, answer: str, others: Sequence[str], sources: Sources, quote: str) -> Reason | None:
    """What can be seen of options that are right beside the marked one, or in its place."""
    within = folded(quote)
    for other in others:
        if folded(other).holds(answer) or folded(answer).holds(other):
            return "two_right_options"
        if BLANK.search(question) and sources.hold(fill(question, other)):
            return "two_right_options"
        if _stand_side_by_side(within, fold(answer), fold(other)):
            return "two_right_options"
    if not within.holds(answer) and any(within.holds(other) for other in others):
        return "wrong_option_marked"
    if holds_some_form(question, answer) and not any(holds_some_form(question, other) for other in others):
        return "answer_in_question"
    return None


def _stand_side_by_side(quote: Folded, one: str, other: str) -> bool:
    """Whether the quote lists both, as in "A, B and C": what it says of one it says of the other."""
    for first, second in ((one, other), (other, one)):
        for start in quote.find(first):
            end = start + len(first)
            if any(
                end < at and _BETWEEN_EQUALS.fullmatch(quote.text[end:at]) and quote.text[end:at].strip()
                for at in quote.find(second)
            ):
                return True
    return False
