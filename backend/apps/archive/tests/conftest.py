import pytest

from apps.archive.tests.building import Guest, a_guest


@pytest.fixture
def guest() -> Guest:
    return a_guest()


@pytest.fixture
def other() -> Guest:
    return a_guest()
