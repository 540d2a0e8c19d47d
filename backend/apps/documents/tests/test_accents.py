"""Accents that stand beside their letter are put onto it, and what only looks like them stays."""

import pytest

from apps.documents.extraction.accents import accents_joined


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("le mat´eriel est d´ecrit `a la page 4", "le matériel est décrit à la page 4"),
        ("reconnaˆıtre, peut ˆetre, sinuso¨ıdal", "reconnaître, peut être, sinusoïdal"),
        ("d´ej`a re¸cu, C¸ a alors", "déjà reçu, Ça alors"),
        ("2.13 Ecriture num´erique ´", "2.13 Ecriture numérique ´"),
    ],
)
def test_a_letter_gets_its_accent(text: str, joined: str) -> None:
    assert accents_joined(text) == joined


@pytest.mark.parametrize(
    "text",
    [
        "run `apt update` as root",
        "``a quote'' and `another'",
        "l´eau qu´elle boit, dell´acqua",
        "x ˆ y, ~/home",
        "été",
        "",
    ],
)
def test_a_page_without_such_accents_stays(text: str) -> None:
    assert accents_joined(text) == text
