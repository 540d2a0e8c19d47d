"""The durable log in the database: the frames of running answers, as any process can read them. Units of work.

One commit writes what all answers of a process have said since the last one; each row is a piece of one answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from apps.chat.models import LIVE, Generation, GenerationFrame, State
from apps.chat.services import transitions
from apps.chat.services.leasing import lease_renew
from apps.core.sse import split_frames

FOLLOWED_PER_QUERY = 50  # few enough that Postgres looks each up in the index
INSERTED_PER_STATEMENT = 500
SWEPT_AT_ONCE = 20  # answers; the lock of SQLite is held for a moment only


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring frames of one answer in one epoch; `number` is that of the first."""

    generation_id: UUID
    epoch: int
    number: int
    frames: Sequence[bytes]

    @property
    def next_number(self) -> int:
        return self.number + len(self.frames)


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a process has read an answer that another one writes."""

    generation_id: UUID
    epoch: int
    number: int  # frames of the epoch that are read


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an answer stands: None for `epoch` when it exists no more; `pieces` follow what was read, in order."""

    epoch: int | None
    ended: bool
    pieces: tuple[Piece, ...]


@transaction.atomic
def frames_commit(*, owner: str, pieces: Sequence[Piece]) -> bool:
    """Renew the lease and write the pieces; False, and nothing is written, when the lease was taken away."""
    if not lease_renew(owner=owner):
        return False
    frames_insert(pieces)
    return True


def frames_insert(pieces: Iterable[Piece]) -> None:
    """Write pieces, under the caller's transaction: plain SQL, since this runs five times a second for all streams.

    A commit whose answer was lost on the line may have been made: repeated, it replaces itself. SQLite takes rows one
    by one for half of what a long list of them costs it to parse; Postgres would answer for each.
    """
    native = connection.features.has_native_uuid_field
    rows = [
        (
            piece.generation_id if native else piece.generation_id.hex,
            piece.epoch,
            piece.number,
            b"".join(piece.frames),
        )
        for piece in pieces
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_insert(1), rows)
            return
        for start in range(0, len(rows), INSERTED_PER_STATEMENT):
            together = rows[start : start + INSERTED_PER_STATEMENT]
            cursor.execute(_insert(len(together)), [value for row in together for value in row])


def _insert(count: int) -> str:
    return f"""
        INSERT INTO chat_generationframe (generation_id, epoch, number, frames)
        VALUES {", ".join(["(%s, %s, %s, %s)"] * count)}
        ON CONFLICT (generation_id, epoch, number) DO UPDATE SET frames = excluded.frames
    """  # noqa: S608  only placeholders are put in


@transaction.atomic
def frames_release(*, owner: str, pieces: Sequence[Piece], generation_ids: Sequence[UUID]) -> bool:
    """Write what is unsaved and let go of the runs, for whoever claims them next; False when the lease is gone."""
    if not frames_commit(owner=owner, pieces=pieces):
        return False
    transitions.release(owner=owner, generation_ids=generation_ids)
    return True


def frames_of(*, generation_id: UUID, epoch: int) -> list[bytes]:
    """All frames of an epoch, in order."""
    rows = GenerationFrame.objects.filter(generation_id=generation_id, epoch=epoch).order_by("number")
    return [frame for row in rows.values_list("frames", flat=True) for frame in split_frames(bytes(row))]


def generation_standing(*, generation_id: UUID) -> Standing:
    """The present epoch with all its frames."""
    epoch = Generation.objects.filter(pk=generation_id).values_list("epoch", flat=True).first()
    if epoch is None:
        return Standing(None, False, ())
    return standings([Followed(generation_id, epoch, 0)])[generation_id]


def standings(followed: Sequence[Followed]) -> dict[UUID, Standing]:
    """What is new of each. The states are read before the frames, so that who has ended then has all of them."""
    found: dict[UUID, Standing] = {}
    for start in range(0, len(followed), FOLLOWED_PER_QUERY):
        asked = followed[start : start + FOLLOWED_PER_QUERY]
        ids = [each.generation_id for each in asked]
        rows = Generation.objects.filter(pk__in=ids).values_list("pk", "epoch", "state")
        states = {pk: (epoch, state not in LIVE) for pk, epoch, state in rows}
        pieces = _pieces_after(asked)
        for each in asked:
            epoch, ended = states.get(each.generation_id, (None, False))
            found[each.generation_id] = Standing(epoch, ended, tuple(pieces.get(each.generation_id, ())))
    return found


def _pieces_after(followed: Sequence[Followed]) -> dict[UUID, list[Piece]]:
    """One query over the unique index."""
    field = GenerationFrame._meta.get_field("generation")
    values = ", ".join(["(%s, %s, %s)"] * len(followed))
    query = f"""
        WITH followed (generation_id, epoch, number) AS (VALUES {values})
        SELECT frame.generation_id, frame.epoch, frame.number, frame.frames
        FROM followed JOIN chat_generationframe AS frame
        ON frame.generation_id = followed.generation_id
        AND frame.epoch = followed.epoch AND frame.number > followed.number
        ORDER BY frame.generation_id, frame.number
    """  # noqa: S608  only placeholders are put in
    key = field.get_db_prep_value
    parameters = [
        value for each in followed for value in (key(each.generation_id, connection), each.epoch, each.number)
    ]
    pieces: dict[UUID, list[Piece]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        for generation_id, epoch, number, frames in cursor.fetchall():
            pk = generation_id if isinstance(generation_id, UUID) else UUID(generation_id)
            pieces.setdefault(pk, []).append(Piece(pk, epoch, number, split_frames(bytes(frames))))
    return pieces


def stops_requested(*, owner: str) -> list[UUID]:
    """Which of an owner's runs somebody wants to end."""
    wanted = Generation.objects.filter(state=State.RUNNING, owner=owner, stop_requested=True)
    return list(wanted.values_list("pk", flat=True))


def runs_of(*, owner: str) -> set[UUID]:
    """What the database believes that an owner runs."""
    return set(Generation.objects.filter(state=State.RUNNING, owner=owner).values_list("pk", flat=True))


def frames_sweep() -> int:
    """Delete the frames that nobody follows any more; return of how many answers."""
    logged = set(GenerationFrame.objects.values_list("generation_id", flat=True).distinct())
    if not logged:
        return 0
    # Asked after the log was: an answer that begins meanwhile is in neither.
    kept_since = datetime.now(UTC) - timedelta(seconds=settings.GENERATION_LOG_KEEP_SECONDS)
    kept = Generation.objects.filter(pk__in=logged).exclude(ended_at__lt=kept_since)
    over = logged.difference(kept.values_list("pk", flat=True))
    swept = list(over)
    for start in range(0, len(swept), SWEPT_AT_ONCE):
        GenerationFrame.objects.filter(generation_id__in=swept[start : start + SWEPT_AT_ONCE]).delete()
    return len(swept)
