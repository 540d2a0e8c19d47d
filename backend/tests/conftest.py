from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser import running_browser
from tests.stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running product for all tests that do not break it; each test is a visitor of its own."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture
def visitor(stack: Stack) -> httpx.Client:
    return stack.client()


@pytest.fixture
def no_answers_left(stack: Stack) -> Iterator[None]:
    """What one test queued and did not ask for is no answer for the next one."""
    yield
    stack.provider.clear_log()
