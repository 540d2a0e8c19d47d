"""Citations: each marker is checked once, and what is shown as a quote stands on the page word for word."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.chat import citations
from apps.chat.citations import Claim, claims_of, sources_of
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
        ("With $a[1]$ plants grow [2]", [("With $a[1]$ plants grow", (2,))]),
        ("It says “Plants grow. They breathe.” [1]. More.", [("It says “Plants grow. They breathe.”", (1,))]),
        ("One. `systemctl get-default` [1]", [("systemctl get-default", (1,))]),
    ],
)
def test_a_marker_stands_behind_its_sentence(text: str, claims: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(claim.text, claim.numbers) for claim in claims_of(text)] == claims


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Plants [2][1](https://x.example).", [2]),
        ("Plants [2, 2] grow [1] [1].", [2, 2, 1, 1]),
        ("As [1]: plants grow.", [1]),
        ("Plants [1].\n\n[1]: https://x.example\n[2]: plants grow there", [1, 2]),
        ("With $a[1]$, \\(b[2]\\), $$c[3]$$ and \\[d[4]\\] plants [5].", [5]),
        ("For $5 [1] or $6 [2].", [1, 2]),
        ("No mark: \\[1].", []),
    ],
)
def test_marks_are_those_that_the_page_shows(text: str, numbers: list[int]) -> None:
    assert [n for claim in claims_of(text) for n in claim.numbers] == numbers


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


@pytest.mark.parametrize(
    ("passage", "answer", "verified"),
    [
        (
            "Set LC_MESSAGES to french, e.g. in a shell.",
            "It says “Set LC_MESSAGES to french, e.g. in a shell” [1]",
            True,
        ),
        (
            "Set LC_MESSAGES to french, e.g. in a shell.",
            "It says “Set LC_MESSAGES to french, e.g. in the bath” [1]",
            False,
        ),
        ("The #debian-devel channel is the main one.", "“The #debian-devel channel is **the main** one” [1]", True),
        ("The #debian-devel channel is the main one.", "“The main channel is the #debian-devel one” [1]", False),
        ("Debian runs on amd64 and arm64.", "Debian runs on arm64 and amd64 [1]", True),
        ("Debian runs on amd64 and arm64.", "Debian runs on amd64 and mips64 [1]", False),
    ],
)
def test_quotes_and_names_with_numbers_have_to_stand_there(passage: str, answer: str, verified: bool) -> None:
    (source,) = sources_of(answer, passages_of([SourcePage(UUID(int=1), "a.txt", 1, "page 1", passage)]))
    assert source["verified"] is verified


def test_each_mark_has_a_part_of_its_own_in_the_order_of_the_text() -> None:
    sources = sources_of("Plants grow [2]. Water splits [1, 3]. Plants grow [2].", PASSAGES)
    assert [source["n"] for source in sources] == [2, 1, 3, 2]
    assert [source["claim"] for source in sources] == ["Plants grow", "Water splits", "Water splits", "Plants grow"]


def test_an_answer_full_of_marks_is_read_no_further_than_its_sources_go(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Claim] = []

    def watched(text: str) -> Iterator[Claim]:
        for claim in claims_of(text):
            read.append(claim)
            yield claim

    monkeypatch.setattr(citations, "claims_of", watched)
    sources = citations.sources_of("a[1]. " * 20_000, PASSAGES)
    assert len(sources) == citations.SOURCES_MAX == len(read)
    assert len(list(claims_of("a[1] " * 1_000))[-1].text) <= citations.CLAIM_MAX_CHARS


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
