"""Guests: users without a name, who keep what they made when they sign up or in."""

import logging
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.belongings import all_belongings
from apps.accounts.services.identity import GUEST_KEY, user_lock

log = logging.getLogger("lamla.guests")


def session_guest_absorb(*, session: SessionBase, user: User) -> None:
    """Whoever signs in keeps what was made in this session as a guest; the session forgets the guest."""
    guest_id = session.pop(GUEST_KEY, None)
    if guest_id:
        guest_absorb(guest_id=UUID(guest_id), user=user)


@transaction.atomic
def guest_absorb(*, guest_id: UUID, user: User) -> None:
    """Move all that the guest has to the user, and delete the guest. Nothing happens for one who is no guest."""
    # Against everything that refers to the guest: what others have begun to write is seen below, and what they write
    # from now on waits, fails, and is written anew for the user.
    guest = User.objects.select_for_update().filter(pk=guest_id, is_guest=True).first()
    if guest is None or user.is_guest:
        return
    user_lock(user.pk)
    for belongings in all_belongings():
        belongings.absorb(guest, user)
    guest.delete()
    log.info("a guest's things are a user's now")
