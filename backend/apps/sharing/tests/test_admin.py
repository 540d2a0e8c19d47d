"""An operator takes a link down, and is shown no words of whom it is."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.chat.models import Conversation, Message
from apps.sharing.models import Share

pytestmark = pytest.mark.django_db(transaction=True)
TITLE, TEXT, TOKEN = "what-it-is-about", "what-i-asked", "t" * 32


def test_a_link_is_found_by_its_token_and_taken_down(client: Client) -> None:
    ada = User.objects.create(username="ada", email="ada@example.org")
    conversation = Conversation.objects.create(user=ada, title=TITLE, updated_at="2026-01-01T00:00Z")
    asked = Message.objects.create(conversation=conversation, user=ada, role="user", text=TEXT)
    Share.objects.create(
        conversation=conversation, token=TOKEN, leaf=asked, title=TITLE, messages=1, updated_at=asked.created_at
    )
    client.force_login(User.objects.create_superuser(username="root", email="root@example.org"))
    page = f"/admin/sharing/share/{conversation.pk}"
    for path in (f"/admin/sharing/share/?q={TOKEN}", f"{page}/change/", f"{page}/delete/"):
        told = client.get(path).content.decode()
        assert str(conversation.pk) in told
        assert TITLE not in told
        assert TEXT not in told
    assert str(conversation.pk) not in client.get("/admin/sharing/share/?q=another").content.decode()
    assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
    assert not Share.objects.exists()
    assert Conversation.objects.get() == conversation
