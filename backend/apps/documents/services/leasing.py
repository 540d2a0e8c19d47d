"""Which process works on which document. Units of work; all times are the database's, so clocks may differ.

A claim has a name of its own, which begins with its process's. Whatever is written under a claim is written together
with the proof that the document still has it (`hold`): a process that was taken for dead writes nothing more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Case, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from apps.core.ownership import is_known_dead
from apps.documents.models import Document, DocumentState
from apps.documents.passages.version import INDEX_VERSION

ATTEMPTS_MAX = 10  # of processes that began to read a document, one after the other, and died before any page
CANDIDATES = 50
GIVEN_UP = {
    "code": "document_broken",
    "detail": "Reading this file has failed again and again. Open it on your device, save it again, and upload the "
    "new copy.",
}
CLAIM_SEPARATOR = "#"


@dataclass(frozen=True)
class Claim:
    """This process works on a document, as long as the document says so."""

    document_id: UUID
    name: str


def _expiry() -> CombinedExpression:
    return Now() + timedelta(seconds=settings.GENERATION_LEASE_SECONDS)


def waiting_claim(*, owner: str, room: int) -> list[Claim]:
    """Up to `room` documents to be read: those that wait, and those whose readers are dead.

    Whose user has one being read already comes after the others, so that a shelf of books keeps nobody else waiting.
    """
    reading = Document.objects.filter(user=OuterRef("user"), state=DocumentState.READING)
    rows = Document.objects.filter(state__in=(DocumentState.WAITING, DocumentState.READING))
    found = _annotated(rows).annotate(busy=Exists(reading)).order_by("busy", "created_at", "pk")
    claims: list[Claim] = []
    for document in [each for each in found[:CANDIDATES] if _is_free(each, me=owner)]:
        if len(claims) == room:
            break
        if document.attempts >= ATTEMPTS_MAX:
            _unchanged(document).update(state=DocumentState.FAILED, problem=GIVEN_UP, claimed_by="", claimed_until=None)
        elif claim := _claim(document, owner, state=DocumentState.READING, attempts=F("attempts") + 1):
            claims.append(claim)
    return claims


def outdated_claim(*, owner: str) -> Claim | None:
    """A document that is read, whose passages are none yet or of an earlier version."""
    rows = Document.objects.filter(state=DocumentState.READY, index_version__lt=INDEX_VERSION)
    for document in _annotated(rows).order_by("-created_at")[:CANDIDATES]:
        if _is_free(document, me=owner) and (claim := _claim(document, owner)):
            return claim
    return None


def without_vectors_claim(*, owner: str) -> Claim | None:
    """A document that is read and found by its words, but not yet all of it by its meaning."""
    rows = Document.objects.filter(
        state=DocumentState.READY, index_version=INDEX_VERSION, vector_count__lt=F("passage_count")
    )
    for document in _annotated(rows).order_by("-created_at")[:CANDIDATES]:
        if _is_free(document, me=owner) and (claim := _claim(document, owner)):
            return claim
    return None


def _annotated(rows: QuerySet[Document]) -> QuerySet[Document]:
    expired = Case(When(claimed_until__lt=Now(), then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.annotate(expired=expired).only("state", "claimed_by", "claimed_until", "attempts")


def _is_free(document: Any, *, me: str) -> bool:
    """Any: a document with `expired`."""
    if not document.claimed_by or document.expired:
        return True
    return is_known_dead(document.claimed_by.partition(CLAIM_SEPARATOR)[0], me=me)


def _unchanged(document: Any) -> QuerySet[Document]:
    """Itself, if nobody has claimed, renewed or released it since it was read. Any: a document with `expired`."""
    same = Document.objects.filter(pk=document.pk, state=document.state, claimed_by=document.claimed_by)
    return same.filter(claimed_until__lt=Now()) if document.expired else same


def _claim(document: Any, owner: str, **changes: Any) -> Claim | None:
    """None when somebody else was faster. Any: a document with `expired`; columns."""
    claim = Claim(document.pk, f"{owner}{CLAIM_SEPARATOR}{uuid4().hex[:8]}")
    taken = _unchanged(document).update(claimed_by=claim.name, claimed_until=_expiry(), **changes)
    return claim if taken else None


def hold(claim: Claim) -> Document | None:
    """Renew the claim and lock its document, under the caller's transaction; None when it is ours no more."""
    mine = Document.objects.filter(pk=claim.document_id, claimed_by=claim.name)
    if not mine.update(claimed_until=_expiry()):
        return None
    return mine.first()


def claims_renew(claims: Collection[Claim]) -> set[Claim]:
    """Another term for these; return those that are still held."""
    mine = _held(claims)
    mine.update(claimed_until=_expiry())
    return {Claim(*row) for row in mine.values_list("pk", "claimed_by")}


@transaction.atomic
def claims_release(claims: Collection[Claim], *, blameless: bool = True) -> None:
    """Let others go on at once. `blameless`: not for a fault of the document, so this was no attempt."""
    mine = _held(claims)
    reading = mine.filter(state=DocumentState.READING)
    if blameless:
        reading.filter(attempts__gt=0).update(attempts=F("attempts") - 1)
    reading.update(state=DocumentState.WAITING, claimed_by="", claimed_until=None)
    mine.update(claimed_by="", claimed_until=None)


@transaction.atomic
def readings_release(owner: str) -> None:
    """The same for all that a process reads, whether it knows of its claims or was ended while it made them."""
    reading = Document.objects.filter(state=DocumentState.READING, claimed_by__startswith=f"{owner}{CLAIM_SEPARATOR}")
    claims_release([Claim(*row) for row in reading.values_list("pk", "claimed_by")])


def _held(claims: Collection[Claim]) -> QuerySet[Document]:
    # By the key first: there is no index of claims.
    return Document.objects.filter(
        pk__in=[claim.document_id for claim in claims], claimed_by__in=[claim.name for claim in claims]
    )
