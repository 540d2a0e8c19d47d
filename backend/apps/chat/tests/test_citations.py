"""Citations: each marker is checked once, and what is shown as a quote stands on the page word for word."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.chat.citations import claims_of, sources_of
from apps.documents.passages import Passage, SourcePage, passages_of
from apps.documents.tests.course import PAGES

TEXTS = {number: f"{title}\n\n{text}" for number, (title, text) in enumerate(PAGES, 1)}
PASSAGES: list[Passage] = passages_of(
    SourcePage(UUID(int=1), "course.pdf", number, f"page {number}", text) for number, text in TEXTS.items()
)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Light. Plants grow [1]. More.", [("Plants grow", (1,))]),
        ("Plants grow. [2] More.", [("Plants grow.", (2,))]),
        ("Plants grow [1, 3] and [2][4].", [("Plants grow", (1, 3)), ("Plants grow  and", (2, 4))]),
        ("Use `a[1]` and\n```\nb[2]\n```\nPlants [3].", [("Plants", (3,))]),
        ("- **Plants** grow [1]", [("Plants grow", (1,))]),
        ("A [1](https://x.example) link", []),
    ],
)
def test_a_marker_stands_behind_its_sentence(text: str, claims: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(claim.text, claim.numbers) for claim in claims_of(text)] == claims


@pytest.mark.parametrize(
    ("claim", "verified"),
    [
        ("Van Helmont's willow gained about 74 kilograms [2]", True),
        ("Van Helmont's willow gained about 75 kilograms [2]", False),
        ("He wrote that “the soil had lost only some 57\ngrams” [2]", True),
        ("He wrote that “the soil had lost nearly nothing at all” [2]", False),
        ("ATP synthase is a rotating enzyme which makes ATP [7]", True),
        ("Mitchell received the Nobel Prize in 1978 [7]", True),
        ("Mitochondria divide by binary fission like bacteria [7]", False),
        ("Plants close stomata in drought through abscisic acid [3]", True),
        ("Chloroplasts absorb green light best of all colours [11]", False),
        ("Only about three percent of plant species use the C4 path [10]", True),
    ],
)
def test_a_claim_is_verified_by_its_words_and_numbers(claim: str, verified: bool) -> None:
    (source,) = sources_of(claim, PASSAGES)
    assert source["verified"] is verified
    assert source["quote"] == TEXTS[source["page"]][source["start"] : source["end"]] != ""


def test_a_marker_without_passage_is_marked_and_not_hidden() -> None:
    (source,) = sources_of("Plants grow [99].", PASSAGES)
    assert (source["n"], source["document_id"], source["verified"], source["cited"]) == (99, None, False, True)


def test_without_markers_the_best_passages_are_shown_as_not_cited() -> None:
    sources = sources_of("Plants grow.", PASSAGES, best=(4, 2))
    assert [source["n"] for source in sources] == [5, 3]
    assert not any(source["cited"] for source in sources)


@given(st.lists(st.sampled_from(["[1]", " [2, 5].", "“", "”", "\n", " water splits 57 ", "`", "```", "[0]", "[13]"])))
def test_every_quote_stands_on_its_page(pieces: list[str]) -> None:
    for source in sources_of("".join(pieces), PASSAGES):
        if source["document_id"]:
            assert source["quote"] == TEXTS[source["page"]][source["start"] : source["end"]]
