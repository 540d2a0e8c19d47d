from hypothesis import example, given
from hypothesis import strategies as st

from fastapi_service.orchestration.seam import SEAM_MIN_OVERLAP_CHARS, Seam

WORDS = st.text("ab ", max_size=60)  # few letters, so that overlaps happen by chance as well
CUTS = st.lists(st.integers(1, 7), max_size=40)


def fed(written: str, new: str, cuts: list[int]) -> str:
    """What comes out when `new` arrives in pieces of the given sizes."""
    seam = Seam(written)
    out = []
    for size in cuts:
        out.append(seam.feed(new[:size]))
        new = new[size:]
    return "".join([*out, seam.feed(new), seam.rest()])


def longest_overlap(written: str, new: str) -> int:
    sizes = range(min(len(written), len(new)), SEAM_MIN_OVERLAP_CHARS - 1, -1)
    return next((size for size in sizes if written.endswith(new[:size])), 0)


@given(WORDS, WORDS, CUTS)
def test_only_the_longest_overlap_is_cut_however_it_arrives(written: str, new: str, cuts: list[int]) -> None:
    assert fed(written, new, cuts) == new[longest_overlap(written, new) :]


@given(st.text(min_size=SEAM_MIN_OVERLAP_CHARS), st.text(), st.data())
def test_what_is_said_again_is_cut_once(written: str, rest: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(SEAM_MIN_OVERLAP_CHARS, len(written)))
    repeated = written[len(written) - size :]
    found = fed(written, repeated + rest, [3, 5, 1])
    assert len(found) <= len(rest)
    assert (repeated + rest).endswith(found)


@given(st.text(), st.text(max_size=SEAM_MIN_OVERLAP_CHARS - 1))
@example("The light reactions", "reactions")
def test_a_short_repetition_stays(written: str, new: str) -> None:
    assert fed(written, new, []) == new


def test_a_text_that_repeats_nothing_is_not_held_back() -> None:
    seam = Seam("Photosynthesis has two stages. The light reactions")
    assert seam.feed(" t") == ""
    assert seam.feed("ake") == " take"
    assert seam.feed(" place") == " place"
