"""The page in a real Chromium: ask, see text grow, reload, find it again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.documents.tests import sample_files
from canaries import KEY
from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack, running_stack
from tests.streams import tokens

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    with visitor(browser, stack) as context:
        yield context.new_page()


def test_an_answer_grows_while_it_streams_and_is_found_after_a_reload(page: Page) -> None:
    page.goto("/")
    ask(page, "What is light? [[tokens=90 rate=30]]")
    expect(messages(page).get_by_text("t3 ")).to_be_visible()
    assert "t89" not in messages(page).inner_text()
    page.reload()
    expect(messages(page).get_by_text("t89")).to_be_visible()
    assert tokens(90).strip() in " ".join(messages(page).inner_text().split())
    page.goto("/")
    page.get_by_role("link", name="What is light?").first.click()
    expect(messages(page).get_by_text("t89")).to_be_visible()
    screenshot(page, "chat")


def test_stop_keeps_the_text_and_retry_asks_again(page: Page) -> None:
    page.goto("/")
    ask(page, "[[tokens=2000 rate=30]]")
    expect(messages(page).get_by_text("t3 ")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(messages(page).get_by_text("t3 ")).to_be_visible()


def test_an_answer_that_breaks_is_gone_on_with_and_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    with ExitStack() as running:
        own = running.enter_context(running_stack(tmp_path, start_worker=False))
        own.worker.env |= {
            "AZURE_OPENAI_API_KEY": KEY,
            "AZURE_OPENAI_ENDPOINT": own.provider.url_of("azure_openai"),
            "AZURE_OPENAI_DEPLOYMENT": "fake",
            "DEEPSEEK_API_KEY": KEY,
            "DEEPSEEK_BASE_URL": own.provider.url_of("deepseek"),
        }
        own.worker.start()
        page = running.enter_context(visitor(browser, own)).new_page()
        page.goto("/")
        ask(page, "What is light? [[tokens=90 rate=30 azure_openai.fault=cut azure_openai.at=40]]")
        expect(page.get_by_text("DeepSeek goes on from there")).to_be_visible()
        screenshot(page, "hand-over")
        expect(messages(page).get_by_text("t89")).to_be_visible()
        assert tokens(90).strip() in " ".join(messages(page).inner_text().split())


def test_an_answer_on_a_file_shows_its_passages(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "biology.pdf"
    file.write_bytes(sample_files.study_pdf(pages=12))
    page.goto("/")
    page.locator("input[type=file]").set_input_files(file)
    ask(page, "Where does the Calvin cycle take place? [[tokens=8]]")
    expect(messages(page).get_by_text("t7")).to_be_visible()
    expect(page.get_by_text("biology.pdf").first).to_be_visible()


def test_a_prompt_that_found_the_worker_down_is_retried_when_it_is_back(browser: Browser, tmp_path: Path) -> None:
    impatient = {"WORKER_PATIENCE_SECONDS": "0.5"}
    with (
        running_stack(tmp_path, gateway=impatient, start_worker=False) as own,
        visitor(browser, own) as context,
    ):
        page = context.new_page()
        page.goto("/")
        ask(page, "Are you there? [[tokens=5]]")
        retry = messages(page).get_by_role("button", name="Retry")
        expect(retry).to_be_visible()
        expect(messages(page).get_by_text("Are you there?")).to_have_count(1)
        own.worker.start()
        retry.click()
        expect(messages(page).get_by_text("t4")).to_be_visible()
        page.reload()
        expect(messages(page).get_by_text("t4")).to_be_visible()
        expect(messages(page).get_by_text("Are you there?")).to_have_count(1)


def test_a_prompt_waits_for_the_worker_and_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    with running_stack(tmp_path, start_worker=False) as own, visitor(browser, own) as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "Are you there? [[tokens=5]]")
        expect(messages(page)).to_contain_text("waiting for it to come back")
        own.worker.start()
        expect(messages(page).get_by_text("t4")).to_be_visible()


def test_a_phone_shows_the_same_without_sideways_scrolling(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack, phone=True) as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "[[tokens=400 rate=0]]")
        expect(messages(page).get_by_text("t399")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_breaks_no_rule_of_its_own_policy(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/")
    ask(page, "[[tokens=3]]")
    expect(messages(page).get_by_text("t2")).to_be_visible()
    assert said == []
