"""The page without a line, in a real Chromium: what can be read, what waits to be sent, and how a newer page comes."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import answer, ask, messages, screenshot, until_page_is_kept, visitor
from tests.stack import BACKEND, Stack, running_stack, wait_until
from tests.streams import tokens

pytestmark = pytest.mark.browser
NO_LINE = "No connection."
# What this browser keeps, as text.
KEPT = """async () => (await indexedDB.databases()).length === 0 ? '' : new Promise((resolve, reject) => {
    const opening = indexedDB.open('lamla');
    opening.onerror = reject;
    opening.onsuccess = () => {
        const all = opening.result.transaction('kept').objectStore('kept').getAll();
        all.onsuccess = () => { opening.result.close(); resolve(all.result.map(JSON.stringify).join(' ')); };
    };
})"""


REGISTERED = "navigator.serviceWorker.getRegistrations().then(all => all.length)"


def waiting(page: Page) -> Locator:
    return page.get_by_role("region", name="Waiting for the line")


def until_kept(page: Page, *, text: str) -> None:
    """Wait until the browser has the page, and an answer that ends in this text."""
    until_page_is_kept(page)
    wait_until(lambda: text in page.evaluate(KEPT), what=f"{text} is kept")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_without_a_line_the_page_opens_what_is_sent_waits_and_goes_once(
    browser: Browser, stack: Stack, *, phone: bool
) -> None:
    name = "phone" if phone else "desktop"
    with visitor(browser, stack, phone=phone, keeps_page=True) as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "What is light? [[tokens=40 rate=200]]")
        expect(answer(page)).to_contain_text("t39")
        until_kept(page, text="t39")
        known = page.url

        context.set_offline(True)
        page.goto(known)
        expect(page.get_by_text(NO_LINE)).to_contain_text("As of")
        expect(answer(page)).to_have_text(tokens(40).strip())
        screenshot(page, f"offline-{name}")

        page.goto("/")
        ask(page, "What is sound? [[tokens=30 rate=200]]")
        expect(waiting(page)).to_contain_text("What is sound?")
        ask(page, "And heat? [[tokens=20 rate=200]]")
        expect(waiting(page)).to_contain_text("Goes once the answer before it is there")
        waiting(page).get_by_role("button", name="Edit").last.click()
        page.get_by_role("textbox", name="Your waiting message").fill("And warmth? [[tokens=20 rate=200]]")
        page.get_by_role("button", name="Keep for sending").click()
        expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("")
        page.reload()
        expect(waiting(page)).to_contain_text("And warmth?")
        screenshot(page, f"outbox-{name}")

        # Two tabs have it to send.
        other = context.new_page()
        other.goto(known)
        expect(other.get_by_role("link", name="2 messages are not sent yet")).to_be_visible()
        context.set_offline(False)
        expect(messages(page).get_by_role("article")).to_have_count(4, timeout=30_000)
        expect(answer(page)).to_have_text(tokens(20).strip(), timeout=30_000)
        expect(waiting(page)).to_have_count(0)
        expect(other.get_by_role("link", name="not sent yet")).to_have_count(0)
        assert asked(context) == ["What is sound?", "And warmth?", "What is light?"]


def asked(context: BrowserContext) -> list[str]:
    """All questions of the visitor, by the API, without their directives: of the newest conversation first."""
    found = []
    for conversation in context.request.get("/api/conversations/").json()["items"]:
        whole = context.request.get(f"/api/conversations/{conversation['id']}/").json()
        found += [each["text"].split(" [[")[0] for each in whole["messages"] if each["role"] == "user"]
    return found


def test_nothing_that_was_kept_outlives_its_conversation_or_its_owner(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack, keeps_page=True) as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "What is a regret? [[tokens=9 rate=200]]")
        expect(answer(page)).to_contain_text("t8")
        until_kept(page, text="t8")
        page.get_by_role("main").get_by_role("button", name="Actions for").click()
        page.get_by_role("menuitem", name="Delete").click()
        wait_until(lambda: "t8" not in page.evaluate(KEPT), what="the conversation is gone here, too")
        page.goto("/")
        ask(page, "What is a secret? [[tokens=4 rate=200]]")
        expect(answer(page)).to_contain_text("t3")
        until_kept(page, text="t3")
        secret = page.url
        context.clear_cookies()
        page.goto("/")
        expect(page.get_by_role("link", name="What is a secret?")).to_have_count(0)
        wait_until(lambda: "secret" not in page.evaluate(KEPT), what="what was kept is gone")
        context.set_offline(True)
        page.goto(secret)
        expect(page.get_by_text("not kept on this device")).to_be_visible()
        assert "secret" not in page.locator("body").inner_text()


def test_a_newer_page_is_offered_and_the_kept_one_can_be_taken_away(browser: Browser, tmp_path: Path) -> None:
    built = Path(os.environ.get("UI_DIR") or BACKEND.parent / "frontend" / "dist")
    served = shutil.copytree(built, tmp_path / "page")
    with (
        running_stack(tmp_path, gateway={"UI_DIR": str(served)}) as own,
        visitor(browser, own, keeps_page=True) as context,
    ):
        page = context.new_page()
        page.goto("/")
        until_page_is_kept(page)
        before = caches_of(page)
        page.get_by_role("textbox", name="Message").fill("Half a thought")
        deploy(own, change=lambda: make_newer(served))
        page.evaluate("navigator.serviceWorker.getRegistration().then(registration => registration.update())")
        expect(page.get_by_text("A new version of Lamla is here.")).to_be_visible()
        screenshot(page, "update")
        assert page.evaluate("window.isStillHere = true")
        page.get_by_role("button", name="Reload").click()
        page.wait_for_function("!window.isStillHere")
        expect(page.get_by_role("textbox", name="Message")).to_have_value("Half a thought")
        expect(page.get_by_text("A new version of Lamla is here.")).to_have_count(0)
        wait_until(lambda: before[0] not in caches_of(page), what="the earlier page is gone")

        own.gateway.env["UI_OFFLINE"] = "false"
        deploy(own, change=lambda: None)
        page.reload()
        wait_until(lambda: not page.evaluate(REGISTERED) and not caches_of(page), what="the worker is gone")


def deploy(own: Stack, *, change: Callable[[], None]) -> None:
    own.gateway.end()
    change()
    own.gateway.start()


def make_newer(served: Path) -> None:
    """Another version of the worker, as every build has one that changes anything."""
    worker = served / "sw.js"
    script = worker.read_text()
    version = re.search(r'page-\$\{"([0-9a-f]+)"\}', script)
    assert version
    worker.write_text(script.replace(version[1], "f" * len(version[1])))
    for copy in served.glob("sw.js.*"):
        copy.unlink()


def caches_of(page: Page) -> list[str]:
    """The names of what the worker keeps, the page's own first load before what was met."""
    return sorted(page.evaluate("caches.keys()"), reverse=True)
