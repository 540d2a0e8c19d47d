"""Who reads streams in this process: a tab that comes again replaces itself, and nobody holds too many."""

from collections.abc import Callable

from apps.core.sse import frame

TOO_MANY = frame(
    "data-notice",
    transient=True,
    data={"code": "too_many_readers", "message": "This answer is open in too many places; this one has paused."},
)


class Reader:
    """One connection that reads a stream."""

    def __init__(self, readers: "Readers", *, user_id: object, name: str) -> None:
        self._readers = readers
        self.user_id, self.name = user_id, name
        self.closed = False
        self.last_word = b""
        self._wake: Callable[[], None] | None = None

    def begin(self, wake: Callable[[], None]) -> None:
        """It reads until `end`; `wake` has it look whether it was closed."""
        self._wake = wake
        self._readers.enter(self)

    def end(self) -> None:
        self._readers.leave(self)

    def close(self, last_word: bytes = b"") -> None:
        self.closed, self.last_word = True, last_word
        if self._wake:
            self._wake()


class Readers:
    """The readers of this process, by user, in the order in which they came."""

    def __init__(self, *, per_user_max: int) -> None:
        self._per_user_max = per_user_max
        self._by_user: dict[object, list[Reader]] = {}

    def new(self, *, user_id: object, name: str = "") -> Reader:
        """A reader that counts from when it begins to read; `name` is what its tab calls itself (`X-Reader-ID`)."""
        return Reader(self, user_id=user_id, name=name)

    def enter(self, reader: Reader) -> None:
        """Closes the reader of the same name and, above the limit, the oldest ones."""
        present = self._by_user.setdefault(reader.user_id, [])
        for earlier in [each for each in present if reader.name and each.name == reader.name]:
            present.remove(earlier)
            earlier.close()
        present.append(reader)
        while len(present) > self._per_user_max:
            present.pop(0).close(TOO_MANY)

    def leave(self, reader: Reader) -> None:
        present = self._by_user.get(reader.user_id, [])
        if reader in present:
            present.remove(reader)
        if not present:
            self._by_user.pop(reader.user_id, None)
