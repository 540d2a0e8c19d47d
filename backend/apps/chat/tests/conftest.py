import pytest
from django.db import transaction

from apps.accounts.services.identity import identity_ensure
from apps.core.access import Caller
from apps.documents.tests.conftest import files, fresh_process, person

__all__ = ["files", "fresh_process", "person"]


@pytest.fixture
def caller() -> Caller:
    """A guest with a session."""
    with transaction.atomic():
        identity = identity_ensure(caller=Caller(session_key=None, request_id="r"))
    return Caller(session_key=identity.session_key, request_id="r")
