from typing import Any

import pytest

from apps.archive.tests.building import Guest, a_conversation, a_document, a_guest, entries, exported


@pytest.fixture
def guest() -> Guest:
    return a_guest()


@pytest.fixture
def other() -> Guest:
    return a_guest()


@pytest.fixture
def files() -> dict[str, Any]:
    """A good archive of somebody who is gone, JSON by path: a document, a conversation of two turns."""
    owner = a_guest()
    document = a_document(owner.user, "cell.txt", "The nucleus.")
    a_conversation(owner.user, [None, 0, 1, 2], documents=[document])
    found = entries(exported(owner.user))
    owner.user.delete()
    return found
