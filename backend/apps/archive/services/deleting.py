"""Deleting a user with all that is theirs. What each app keeps of a user goes with the user's row, by its own keys."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.archive.usage import usage_forget
from apps.chat.models import LIVE, Conversation, Generation
from apps.chat.services import transitions
from apps.chat.services.answering import LOOK_AGAIN_SECONDS, STOPPING_SECONDS
from apps.chat.services.running import runner
from apps.core.access import Caller
from apps.core.errors import InvalidInput, Unauthorized
from apps.core.pauses import pause_at_most
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document
from apps.documents.services.deleting import document_rows_delete, removed_files_delete

log = logging.getLogger("lamla.archive")
WORD_WITHOUT_EMAIL = "delete"  # to be typed by who has no e-mail, such as a guest
FEW = 20  # conversations in one transaction; of documents, which may have thousands of rows, one


async def account_delete(*, caller: Caller, confirm: str) -> None:
    """Delete the caller with sessions, tokens, conversations, documents and the rest; running answers are stopped.

    Raises: Unauthorized; InvalidInput unless `confirm` is the account's e-mail, or the word for who has none.
    """
    user_id = await unit_of_work(_confirmed, caller=caller, confirm=confirm)
    await answers_stop(user_id=user_id)
    is_more = True
    while is_more:  # a little at a time, so that no transaction is long
        is_more = await unit_of_work(_few_delete, user_id)
    # A prompt that another tab sends just now is deleted with the rest: its run finds nothing left to save.
    await unit_of_work(user_delete, user_id=user_id, session_key=caller.session_key or "")
    await removed_files_delete()


def _confirmed(*, caller: Caller, confirm: str) -> UUID:
    user = user_of(caller=caller)
    if user is None:
        raise Unauthorized("There is nobody here who could be deleted.", code="not_signed_in")
    wanted = user.email or WORD_WITHOUT_EMAIL
    if confirm.strip().casefold() != wanted.casefold():
        asked = "your e-mail address" if user.email else f"the word “{WORD_WITHOUT_EMAIL}”"
        raise InvalidInput(f"To delete everything, type {asked}.", code="not_confirmed")
    return user.pk


async def answers_stop(*, user_id: UUID) -> None:
    """End all that is being written for a user, in whatever process, so that no model goes on for nobody.

    Waits until it is saved, but no longer than it can take another process to find it.
    """
    running = await unit_of_work(_stops_request, user_id)
    if not running:
        return
    runner().stop(running)
    with suppress(TimeoutError):
        async with asyncio.timeout(STOPPING_SECONDS + settings.GENERATION_LEASE_SECONDS):
            while await unit_of_work(_any_live, running):
                await pause_at_most(LOOK_AGAIN_SECONDS)


def _stops_request(user_id: UUID) -> list[UUID]:
    live = Generation.objects.filter(conversation__user=user_id, state__in=LIVE)
    return [pk for pk in live.values_list("pk", flat=True) if transitions.request_stop(generation_id=pk)]


def _any_live(ids: Sequence[UUID]) -> bool:
    return Generation.objects.filter(pk__in=ids, state__in=LIVE).exists()


@transaction.atomic
def user_delete(*, user_id: UUID, session_key: str = "", among: "QuerySet[User] | None" = None) -> bool:
    """Delete a user, all rows that refer to it, and its sessions; False when it is gone, or none of `among`.

    `session_key` is that of a guest, whose session nothing else leads to.
    """
    user = _locked(user_id)
    if user is None or (among is not None and not among.filter(pk=user_id).exists()):
        return False
    keys = [*UserSession.objects.filter(user=user).values_list("session_key", flat=True), session_key]
    Session.objects.filter(session_key__in=keys).delete()
    usage_forget(user)
    user.delete()
    log.info("a user was deleted with all that was theirs")
    return True


@transaction.atomic
def _few_delete(user_id: UUID) -> bool:
    """Delete some of a user's conversations and documents; False when there were none left."""
    _locked(user_id)
    conversations = Conversation.with_deleted.filter(user=user_id)
    ids = list(conversations.values_list("pk", flat=True)[:FEW])
    conversations.filter(pk__in=ids).delete()
    document = Document.objects.filter(user=user_id).first()
    if document:
        document_rows_delete(document)
    return bool(ids or document)


def _locked(user_id: UUID) -> User | None:
    """The user, to whom nothing can be added until the end of the transaction.

    An answer that ends locks the user and then its generation, and so do we: what was begun is seen afterwards, and
    what comes later waits, and then finds nobody to write for. So does whoever reads a file of the user's.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    list(Document.objects.select_for_update(of=("self",)).filter(user=user_id).exclude(claimed_by="").only("pk"))
    list(Generation.objects.select_for_update(of=("self",)).filter(conversation__user=user_id, state__in=LIVE))
    return user
