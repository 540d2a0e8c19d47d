"""Quotes: found at their very place, however the text was set, and never where they do not stand."""

import re
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.documents.passages.quotes import find_quote
from apps.documents.tests.course import PAGES

PAGE = "\n\n".join(text for _, text in PAGES)

BREAKS = st.sampled_from([" ", "\n", "  ", " \n ", "\u00a0", "\t", "\r\n"])
LIGATURES = {"ffi": "\ufb03", "fi": "\ufb01", "fl": "\ufb02", "ff": "\ufb00"}
DASHES = st.sampled_from(["-", "\u2010", "\u2011", "\u2013", "\u2014"])
QUOTES = st.sampled_from(["'", "\u2019", "\u2018"])


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[str, str, str]:
    """What stands before it, a piece of the page as a file may have set it, and the piece as it was."""
    words = list(re.finditer(r"\S+", PAGE))
    first = draw(st.integers(0, len(words) - 2))
    last = draw(st.integers(first + 1, min(first + 40, len(words) - 1)))
    piece = PAGE[words[first].start() : words[last].end()]
    breaks = cycle(draw(st.lists(BREAKS, min_size=1, max_size=7)))
    dash, quote = draw(DASHES), draw(QUOTES)
    set_anew = re.sub(r"\s+", lambda _: next(breaks), piece)
    set_anew = re.sub(r"(?<=[a-z])-(?=[a-z])", dash, set_anew).replace("'", quote)
    if draw(st.booleans()):
        for letters, ligature in LIGATURES.items():
            set_anew = set_anew.replace(letters, ligature)
    hyphens = cycle(draw(st.lists(st.sampled_from(["", "", "", "-\n", "\u00ad", "\u00ad\n", "- \n  "]), min_size=1)))
    set_anew = re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", lambda _: next(hyphens), set_anew)
    return PAGE[: words[first].start()], set_anew, piece


def plain(text: str) -> str:
    """Without case, spaces and hyphens."""
    return re.sub(r"[\s-]", "", text).lower()


@given(disturbed())
def test_a_piece_is_found_exactly_in_a_text_that_was_set_otherwise(case: tuple[str, str, str]) -> None:
    _, set_anew, piece = case
    text = f"Zebra {set_anew} zebra"
    assert find_quote(text, piece) == (6, 6 + len(set_anew))


@given(disturbed())
def test_a_disturbed_quote_is_found_exactly_in_the_page(case: tuple[str, str, str]) -> None:
    before, set_anew, piece = case
    found = find_quote(PAGE, set_anew)
    assert found is not None
    # Itself, or the same words before it: "it is" stands there twice, once with a capital.
    assert found == (len(before), len(before) + len(piece)) or (
        found[0] < len(before) and plain(PAGE[found[0] : found[1]]) == plain(piece)
    )


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_bounds_are_those_of_the_text(text: str, quote: str) -> None:
    found = find_quote(text, quote)
    if found is not None:
        start, end = found
        assert 0 <= start < end <= len(text)
        # What was found says the quote, and the quote says what was found.
        assert find_quote(text[start:end], quote) == (0, end - start)
        assert find_quote(quote, text[start:end]) is not None


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("“Yes”, she said.", '"Yes", she said.', "“Yes”, she said."),
        ("It cost 1 000 francs", "1\n000 francs", "1 000 francs"),
        ("from 10–12 May", "10-12 May", "10–12 May"),
        ("an e\u0301tat of", "état", "e\u0301tat"),
        ("the well-\nknown law", "well-known law", "well-\nknown law"),
        ("光合作用把光能变成化学能", "把光能变成", "把光能变成"),
        ("zero\u200bwidth words", "zerowidth words", "zero\u200bwidth words"),
        ("Full Ｗｉｄｔｈ", "width", "Ｗｉｄｔｈ"),
        ("l’´electron a ´et´e d´ecouvert", "électron a été", "electron a ´et´e"),
        ("une charge ´el´ementaire", "charge élémentaire", "charge ´el´ementaire"),
        ("la tension peut ˆetre lue", "être lue", "etre lue"),
        ("num´erique, re¸cue, connaˆıtre", "reçue, connaître", "re¸cue, connaˆıtre"),
    ],
)
def test_forms_that_mean_the_same(text: str, quote: str, found: str) -> None:
    bounds = find_quote(text, quote)
    assert bounds is not None
    assert text[slice(*bounds)] == found


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("particle", "article"),
        ("in 1984", "in 198"),
        ("from 10–12 May", "1012 May"),
        ("from 1 000 francs", "1000 francs"),
        ("he is 5'10 tall", "510 tall"),
        ("oxygen is used", "oxygen is not used"),
        ("anything", ""),
        ("anything", " \u00ad\n-"),
    ],
)
def test_what_does_not_stand_there_is_not_found(text: str, quote: str) -> None:
    assert find_quote(text, quote) is None
