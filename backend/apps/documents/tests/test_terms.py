"""Terms: what a student types finds what a file has, in the languages and forms that files come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.documents.passages.terms import MAX_TERMS, TERM_MAX_CHARS, terms_of_question, terms_of_text


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("en", "The light reactions take place here.", "What is a reaction?"),
        ("en", "Plants do photo-\nsynthesis by day.", "photosynthesis"),
        ("en", "An e\ufb03cient leaf", "efficient"),
        ("en", "a soft\u00adhyphen", "softhyphen"),
        ("en", "Nicolas-Théodore de Saussure", "theodore saussure"),
        ("en", "Ｐ６８０ absorbs", "p680"),
        ("", "Tables of numbers", "number"),
        ("fr", "Les réactions lumineuses", "réaction"),
        ("fr", "Il résume l'étude", "etudes"),
        ("de", "Die Häuser der Straße", "haus strasse"),
        ("de", "Die Häuser der STRASSE", "Straße"),
        ("es", "Las células vegetales", "celula"),
        ("ru", "Световые реакции", "реакция"),
        ("zh", "光合作用把光能变成化学能", "光合作用是什么"),
        ("ja", "葉緑体は光を吸収する", "葉緑体"),
        ("ko", "엽록체에서 일어난다", "엽록체"),
        ("th", "การสังเคราะห์ด้วยแสง", "สังเคราะห์"),
        ("hi", "पौधों में प्रकाश संश्लेषण", "प्रकाश"),
        ("el", "Η φωτοσύνθεση", "φωτοσυνθεση"),
        ("zz", "an unknown language's words", "word"),
    ],
)
def test_a_question_has_terms_of_the_text_that_it_means(language: str, text: str, question: str) -> None:
    assert set(terms_of_question(question, [language])) & set(terms_of_text(text, language).split())


def test_a_question_over_texts_of_several_languages_is_stemmed_for_each() -> None:
    terms = terms_of_question("Was sind Häuser?", ["en", "de"])
    assert {"haus", "hauser"} <= set(terms)


def test_function_words_say_nothing() -> None:
    assert terms_of_question("What is the enzyme of the leaf?") == ["enzym", "leaf"]


@pytest.mark.parametrize("question", ["summarise this", "Résume les points importants de ce cours", "???", ""])
def test_a_question_about_the_whole_has_no_terms(question: str) -> None:
    assert terms_of_question(question, ["fr", "en"]) == []


def test_terms_keep_the_order_and_number_of_the_words() -> None:
    assert terms_of_text("light, Light and LIGHTS", "en") == "light light and light"


@given(st.text(max_size=300), st.sampled_from(["en", "fr", "de", "zh", "th", "", "xx"]))
def test_terms_are_words_that_any_database_can_hold(text: str, language: str) -> None:
    terms = terms_of_text(text, language)
    terms.encode()
    assert "\x00" not in terms
    assert all(term and len(term) <= 2 * TERM_MAX_CHARS and not term.isspace() for term in terms.split(" ") if terms)
    assert len(terms_of_question(text, [language])) <= MAX_TERMS


@given(st.text(max_size=200))
def test_what_a_text_says_of_itself_is_found(text: str) -> None:
    """A question made of the text has no terms but the text's own."""
    assert set(terms_of_question(text, ["en"])) <= set(terms_of_text(text, "en").split())
