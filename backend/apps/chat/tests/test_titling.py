"""What counts as a title, and that only a conversation's first line gives way to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.chat.services.starting import TITLE_MAX_CHARS
from apps.chat.services.titling import clean_title


@pytest.mark.parametrize(
    ("said", "title"),
    [
        pytest.param("Photosynthesis in plants", "Photosynthesis in plants", id="plain"),
        pytest.param("\n\n  Photosynthesis  in plants \n\nIt explains…", "Photosynthesis in plants", id="first line"),
        pytest.param('"Photosynthesis in plants."', "Photosynthesis in plants", id="quoted, with a full stop"),
        pytest.param("„Photosynthese der Pflanzen“.", "Photosynthese der Pflanzen", id="German quotes"),
        pytest.param("**Photosynthesis**", "Photosynthesis", id="bold"),
        pytest.param("## Title: *Photosynthesis*", "Photosynthesis", id="heading with a label"),
        pytest.param("光合作用。", "光合作用", id="Chinese full stop"),
        pytest.param("- Light\tand\x00dark\u2028reactions", "Light and dark", id="list item, control characters"),
        pytest.param("Finding paths with A*", "Finding paths with A*", id="a star that belongs to a name"),
        pytest.param("Records in C#", "Records in C#", id="a hash that belongs to a name"),
        pytest.param('"Hamlet" and "Macbeth"', '"Hamlet" and "Macbeth"', id="quotes inside"),
        pytest.param("What is light?", "What is light?", id="question mark"),
        pytest.param("A long sentence on " + "light " * 20, "", id="a sentence is none"),
        pytest.param(' "." ', "", id="nothing but marks"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_title_is_what_is_left_without_its_dress(said: str, title: str) -> None:
    assert clean_title(said) == title


@given(st.text())
def test_a_title_is_one_short_line_that_stays_as_it_is(said: str) -> None:
    title = clean_title(said)
    assert len(title) <= TITLE_MAX_CHARS
    assert len(title.splitlines()) <= 1
    assert title.isprintable() or title == title.strip()
    assert clean_title(title) == title
