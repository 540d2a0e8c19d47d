"""The three endpoints as a browser calls them."""

import asyncio
import io
from typing import Any

import pytest
from django.conf import settings
from django.test import AsyncClient

from apps.archive.tests.building import Guest, a_conversation, entries
from apps.chat.models import Conversation, Generation, State
from apps.core.pauses import pause_at_most
from apps.core.units_of_work import unit_of_work

pytestmark = pytest.mark.django_db(transaction=True)
EXPORT, IMPORT, ACCOUNT = "/api/account/export/", "/api/account/import/", "/api/account/"


class Browser:
    """One with the guest's session and a CSRF token."""

    def __init__(self, guest: Guest) -> None:
        self.client = AsyncClient()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = guest.caller.session_key or ""

    async def write(self, method: str, path: str, **options: Any) -> Any:  # Any: an answer, and what a request takes
        token = (await self.client.get("/api/session/")).json()["csrf_token"]
        return await getattr(self.client, method)(path, headers={"X-CSRFToken": token}, **options)

    async def delete_account(self, confirm: object) -> Any:  # Any: an answer
        return await self.write("delete", ACCOUNT, data={"confirm": confirm}, content_type="application/json")


async def body_of(answer: Any) -> bytes:  # Any: a streaming answer
    return b"".join([piece async for piece in answer.streaming_content])


async def test_out_of_one_account_and_into_another(guest: Guest, other: Guest) -> None:
    await unit_of_work(a_conversation, guest.user, [None, 0, 1])
    answer = await Browser(guest).client.get(EXPORT)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="lamla-')
    archive = await body_of(answer)
    assert len(entries(archive)) == 4
    for expected in ({**dict.fromkeys(IMPORTED, 0), "conversations": 1, "messages": 3}, dict.fromkeys(IMPORTED, 0)):
        file = io.BytesIO(archive)
        file.name = "lamla.zip"
        answer = await Browser(other).write("post", IMPORT, data={"file": file})
        assert (answer.status_code, answer.json()) == (200, expected)
    assert await unit_of_work(Conversation.objects.filter(user=other.user).count) == 1


IMPORTED = ("conversations", "messages", "documents", "courses", "files")


async def test_who_is_nobody_has_nothing_to_take_along() -> None:
    for method, path in (("get", EXPORT), ("delete", ACCOUNT)):
        options = {"data": {"confirm": "delete"}, "content_type": "application/json"} if method == "delete" else {}
        answer = await getattr(AsyncClient(), method)(path, **options)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_token_may_do_none_of_it(guest: Guest) -> None:
    digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # of "secret"
    await unit_of_work(guest.user.api_tokens.create, name="t", digest=digest, prefix="l", scopes=["read", "chat"])
    headers = {"Authorization": "Bearer secret"}
    answers = [
        await AsyncClient().get(EXPORT, headers=headers),
        await AsyncClient().post(IMPORT, {"file": io.BytesIO(b"x")}, headers=headers),
        await AsyncClient().delete(ACCOUNT, {"confirm": "delete"}, "application/json", headers=headers),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "insufficient_scope")}


async def test_a_file_that_is_no_archive_is_a_problem(guest: Guest) -> None:
    answer = await Browser(guest).write("post", IMPORT, data={"file": io.BytesIO(b"no zip")})
    assert (answer.status_code, answer.json()["code"]) == (422, "archive_invalid")


@pytest.mark.parametrize("confirm", ["Delete me", "", None, "x" * 1000])
async def test_deleting_wants_the_word(guest: Guest, confirm: object) -> None:
    answer = await Browser(guest).delete_account(confirm)
    assert answer.status_code == 422


async def test_a_deleted_guest_is_nobody_in_the_same_browser(guest: Guest) -> None:
    browser = Browser(guest)
    answer = await browser.delete_account("delete")
    assert answer.status_code == 204
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
    assert (await browser.client.get("/api/session/")).json()["user"] is None


async def test_answers_are_stopped_before_their_user_goes(guest: Guest) -> None:
    running = await unit_of_work(_answering, guest)
    mine = Generation.objects.filter(pk=running.pk)

    async def owner() -> None:
        """The process that runs it: looks for a stop, and saves."""
        while not await unit_of_work(mine.filter(stop_requested=True).exists):
            await pause_at_most(0.01)
        await unit_of_work(mine.update, state=State.STOPPED)

    async with asyncio.timeout(4):
        answer, _ = await asyncio.gather(Browser(guest).delete_account("delete"), owner())
    assert answer.status_code == 204
    assert not await unit_of_work(mine.exists)


def _answering(guest: Guest) -> Generation:
    question = a_conversation(guest.user, [None])[0]
    return Generation.objects.create(
        conversation=question.conversation, user_message=question, state=State.RUNNING, owner="me"
    )
