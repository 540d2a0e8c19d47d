from collections.abc import Callable
from uuid import uuid4

import pytest

from apps.accounts.models import User


@pytest.fixture
def make_user() -> Callable[..., User]:
    """A user, or with is_guest or is_staff of another class."""

    def make(**fields: bool) -> User:
        return User.objects.create(username=uuid4().hex, **fields)

    return make
