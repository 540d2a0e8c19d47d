"""Answers in a real Chromium while connections, tabs and the gateway itself come and go."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser import answer, ask, messages, screenshot, visitor
from tests.stack import Stack, running_stack
from tests.streams import tokens

pytestmark = pytest.mark.browser
TABS = 8
LIVE = "/api/chat/live/"
MARKED = re.compile("Answer being written")
# Notes each text of the last answer that is not the beginning of the whole: a word that is doubled, or left out.
WATCH = """whole => {
    window.broken = [];
    const section = document.querySelector('section');
    const look = () => {
        const shown = [...section.querySelectorAll('article')].at(-1)?.querySelector('p')?.innerText ?? '';
        if (shown.startsWith('t') && !whole.startsWith(shown.trim())) window.broken.push(shown);
    };
    new MutationObserver(look).observe(section, {childList: true, subtree: true, characterData: true});
}"""
# Notes when the list first shows that an answer is being written.
WATCH_MARK = """() => {
    const look = () => {
        if (!window.markedAt && document.querySelector('nav').innerText.includes('Answer being written'))
            window.markedAt = Date.now();
    };
    new MutationObserver(look).observe(document.querySelector('nav'), {childList: true, subtree: true});
}"""


@pytest.fixture
def context(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    with visitor(browser, stack) as context:
        yield context


def saved_text(page: Page) -> str:
    """The last message of the open conversation, as the API has it."""
    conversation_id = page.url.rpartition("/")[2]
    conversation = page.request.get(f"/api/conversations/{conversation_id}/").json()
    return str(conversation["messages"][-1]["text"])


def test_both_tabs_end_with_the_whole_answer_after_reloads_and_a_killed_gateway(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        running_stack(tmp_path, gateway={"GENERATION_LEASE_SECONDS": "2"}) as own,
        visitor(browser, own) as context,
    ):
        first = context.new_page()
        first.goto("/")
        ask(first, "What is light? [[tokens=300 rate=20]]")
        for token in ("t5 ", "t25 ", "t45 "):
            expect(answer(first)).to_contain_text(token)
            first.reload()
        second = context.new_page()
        second.goto(first.url)
        for page in (first, second):
            expect(answer(page)).to_contain_text("t60 ")
            page.evaluate(WATCH, tokens(300).strip())
        own.gateway.kill()
        for page in (first, second):
            expect(page.get_by_text("The line was cut.")).to_be_visible()
        own.gateway.start()
        for page in (first, second):
            expect(answer(page)).to_contain_text("t299", timeout=60_000)
            expect(page.get_by_role("button", name="Send")).to_be_visible()
            assert answer(page).inner_text().split() == tokens(300).split()
            assert page.evaluate("window.broken") == []
        assert saved_text(first) == tokens(300)


def test_an_answer_that_is_open_in_too_many_places_rests_until_it_is_wanted(browser: Browser, tmp_path: Path) -> None:
    with (
        running_stack(tmp_path, gateway={"READERS_PER_USER_MAX": "1"}) as own,
        visitor(browser, own) as context,
    ):
        first, second = context.new_page(), context.new_page()
        first.goto("/")
        ask(first, "What is light? [[tokens=200 rate=20]]")
        expect(answer(first)).to_contain_text("t5 ")
        second.goto(first.url)
        expect(answer(second)).to_contain_text("t9 ")
        expect(first.get_by_text("open in too many places")).to_be_visible()
        screenshot(first, "too-many-places")
        first.get_by_role("button", name="Go on reading").click()
        expect(second.get_by_text("open in too many places")).to_be_visible()
        # The one that rests is told when it is over.
        for page in (first, second):
            expect(answer(page)).to_contain_text("t199")
            assert answer(page).inner_text().split() == tokens(200).split()


def test_many_tabs_share_one_live_feed_and_each_can_send_and_stop_at_once(
    context: BrowserContext, stack: Stack
) -> None:
    opened, running = live_requests(context)
    first, *others = tabs_of_a_guest(context)
    for tab in others:
        tab.evaluate(WATCH_MARK)
    ask(first, "What is light? [[tokens=4000 rate=20 first=0]]")
    expect(answer(first)).to_contain_text("t1 ")
    asked_at = time.time()
    for tab in others:
        expect(tab.get_by_role("link", name=MARKED)).to_contain_text("What is light?")
        assert tab.evaluate("window.markedAt") / 1000 - asked_at < 2
    assert (len(opened), len(running)) == (1, 1)

    sends, follows = others[0], others[-1]
    sent_at = time.time()
    ask(sends, "What is sound? [[tokens=4001 rate=20 first=0]]")
    assert stack.provider.entry_when(lambda entry: "4001" in entry["directive"])["started_at"] - sent_at < 1
    expect(sends.get_by_role("button", name="Stop")).to_be_visible()
    assert stopped_within(sends, stack, tokens=4001) < 1

    # The first tab's own answer, from a tab that only looks on.
    follows.get_by_role("link", name="What is light?").click()
    expect(answer(follows)).to_contain_text("t5 ")
    assert stopped_within(follows, stack, tokens=4000) < 1
    expect(first.get_by_text("Stopped.")).to_be_visible()
    for tab in others[1:]:
        expect(tab.get_by_role("link", name=MARKED)).to_have_count(0)
    assert (len(opened), len(running)) == (1, 1)

    # The first tab was connected, being the first with something to be told.
    first.close()
    ask(sends, "What is heat? [[tokens=4002 rate=20 first=0]]")
    expect(follows.get_by_role("link", name=MARKED)).to_contain_text("What is sound?")
    assert (len(opened), len(running)) == (2, 1)
    assert stopped_within(sends, stack, tokens=4002) < 1


def live_requests(context: BrowserContext) -> tuple[list[Request], list[Request]]:
    """All requests for the live feed from now on, and those of them that have not ended."""
    opened: list[Request] = []
    running: list[Request] = []

    def begin(request: Request) -> None:
        if request.url.endswith(LIVE):
            opened.append(request)
            running.append(request)

    def end(request: Request) -> None:
        if request in running:
            running.remove(request)

    context.on("request", begin)
    context.on("requestfinished", end)
    context.on("requestfailed", end)
    # Nobody tells of the requests of a tab that is closed.
    context.on("page", lambda page: page.on("close", lambda closed: drop(running, of=closed)))
    return opened, running


def drop(requests: list[Request], *, of: Page) -> None:
    for request in [each for each in requests if each.frame.page == of]:
        requests.remove(request)


def tabs_of_a_guest(context: BrowserContext) -> list[Page]:
    """Tabs of somebody who has asked something before, each with the list of conversations."""
    first = context.new_page()
    first.goto("/")
    ask(first, "Hello [[tokens=3]]")
    expect(messages(first).get_by_role("button", name="Copy answer")).to_be_visible()
    first.get_by_role("link", name="New chat").click()
    tabs = [first, *(context.new_page() for _ in range(TABS - 1))]
    for tab in tabs[1:]:
        tab.goto("/")
    for tab in tabs:
        expect(tab.get_by_role("link", name="Hello")).to_be_visible()
    return tabs


def stopped_within(page: Page, stack: Stack, *, tokens: int) -> float:
    """Press stop; the seconds from then until the provider's connection was closed."""
    page.evaluate("addEventListener('click', () => { window.pressedAt = Date.now(); }, {capture: true})")
    page.get_by_role("button", name="Stop").click()
    entry = stack.provider.entry_when(
        lambda entry: f"tokens={tokens} " in entry["directive"] and entry["closed_by"] == "client"
    )
    return float(entry["closed_at"]) - float(page.evaluate("window.pressedAt")) / 1000
