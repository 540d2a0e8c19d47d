"""Where one provider goes on from another's words: what it says again of the end is cut, once."""

SEAM_MIN_OVERLAP_CHARS = 16  # fewer are what texts repeat by nature
SEAM_SEARCH_CHARS = 8192


class Seam:
    """Takes the beginning of a continuation, and gives back what is new in it.

    A beginning is held back while it may still turn out to repeat the end of what was written: for a text that
    repeats nothing that is a few characters. Only an overlap of at least SEAM_MIN_OVERLAP_CHARS between the end of
    the old text and the start of the new is cut; the longest one.
    """

    def __init__(self, written: str) -> None:
        self._old = written[-SEAM_SEARCH_CHARS:]
        self._held = ""
        self._compared = 0
        # Where in the old text an overlap may begin, by as much of the new one as is known.
        self._starts = list(range(len(self._old) - SEAM_MIN_OVERLAP_CHARS + 1))
        self._overlap = 0

    def feed(self, text: str) -> str:
        """What may go out of `text` and of what was held back; empty while it may be an overlap."""
        self._held += text
        while self._starts and self._compared < len(self._held):
            self._compare_next()
        return "" if self._starts else self.rest()

    def rest(self) -> str:
        """What is held back, less the overlap: at the end of the continuation, or once it is decided."""
        self._starts = []
        new, self._held = self._held[self._overlap :], ""
        self._overlap = 0
        return new

    def _compare_next(self) -> None:
        char, at = self._held[self._compared], self._compared
        self._compared += 1
        old_ends = len(self._old)
        matching = [start for start in self._starts if self._old[start + at] == char]
        if matching and matching[-1] + self._compared == old_ends:
            self._overlap = self._compared
            matching.pop()
        self._starts = matching
