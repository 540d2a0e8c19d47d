"""Conversations in a real Chromium: pin, archive, find, delete and take it back, export, share."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def begin(page: Page, question: str) -> None:
    page.goto("/")
    ask(page, f"{question} [[tokens=4 rate=0]]")
    expect(messages(page).get_by_text("t3")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def the_list(page: Page, *, phone: bool) -> Locator:
    """What has the list of conversations: on a phone a sheet, which is opened."""
    if not phone:
        return page.get_by_role("navigation", name="Conversations")
    sheet = page.get_by_role("dialog", name="Lamla")
    if not sheet.is_visible():
        page.get_by_role("button", name="Show conversations").click()
    return sheet


def act(page: Page, place: Locator, title: str, item: str) -> None:
    place.get_by_role("button", name=f"Actions for {title}").click()
    page.get_by_role("menuitem", name=item).click()


def link(place: Locator, title: str) -> Locator:
    return place.get_by_role("link", name=title)


@SIZES
def test_conversations_are_kept_in_order(browser: Browser, stack: Stack, *, phone: bool) -> None:
    with visitor(browser, stack, phone=phone) as context:
        page = context.new_page()
        for question in ("Photosynthesis", "Interference", "Osmosis"):
            begin(page, question)
        place = the_list(page, phone=phone)
        act(page, place, "Photosynthesis", "Pin")
        expect(link(place.get_by_role("region", name="Pinned"), "Photosynthesis")).to_be_visible()
        act(page, place, "Interference", "Archive")
        expect(link(place, "Interference")).to_have_count(0)

        # What is open is left when it is deleted, and opened again when it is back.
        address = page.url
        act(page, place, "Osmosis", "Delete")
        expect(page).to_have_url(re.compile("/$"))
        page.get_by_role("button", name="Undo").click()
        expect(page).to_have_url(address)
        expect(messages(page).get_by_text("t3")).to_be_visible()
        page.reload()
        place = the_list(page, phone=phone)
        expect(link(place, "Osmosis")).to_be_visible()
        expect(link(place.get_by_role("region", name="Pinned"), "Photosynthesis")).to_be_visible()

        # By the keyboard: the way back has the focus.
        place.get_by_role("button", name="Actions for Osmosis").press("Enter")
        expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
        page.keyboard.press("End")
        expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(address)

        place = the_list(page, phone=phone)
        place.get_by_role("searchbox", name="Search your chats").fill("interf")
        found = place.get_by_role("region", name="Chats that were found")
        expect(found.locator("mark").first).to_have_text(re.compile("Interference", re.IGNORECASE))
        expect(found.get_by_text("Archived")).to_be_visible()
        screenshot(page, f"search-{'phone' if phone else 'desktop'}")
        found.get_by_role("link", name=re.compile("^You Interference")).click()
        expect(page).to_have_url(re.compile(r"\?m="))
        expect(messages(page).get_by_text("Interference")).to_be_visible()

        place = the_list(page, phone=phone)
        if not phone:
            place.get_by_role("button", name="Clear the search").click()
        place.get_by_role("button", name="Archived chats").click()
        act(page, place, "Interference", "Bring back")
        place.get_by_role("button", name="Back to all chats").click()
        expect(link(place, "Interference")).to_be_visible()

        with page.expect_download() as download:
            act(page, place, "Photosynthesis", "Export")
        text = download.value.path().read_text()
        assert download.value.suggested_filename.endswith(".md")
        assert "Photosynthesis" in text
        assert "t3" in text


@SIZES
def test_a_conversation_is_shared_until_it_is_not(browser: Browser, stack: Stack, *, phone: bool) -> None:
    with visitor(browser, stack, phone=phone) as context, visitor(browser, stack, phone=phone, dark=True) as stranger:
        page = context.new_page()
        begin(page, "Photosynthesis")
        page.get_by_role("button", name="Actions for this chat").click()
        page.get_by_role("menuitem", name="Share").click()
        dialog = page.get_by_role("dialog", name="Share this chat")
        dialog.get_by_role("button", name="Make a link").click()
        expect(dialog.get_by_text("Shows 2 messages")).to_be_visible()
        address = dialog.get_by_role("textbox", name="Link").input_value()
        screenshot(page, f"share-{'phone' if phone else 'desktop'}")

        reader = stranger.new_page()
        reader.goto(address)
        expect(reader.get_by_role("heading", level=1)).to_have_text(re.compile("Photosynthesis"))
        expect(reader.get_by_text("t3")).to_be_visible()
        assert reader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert stranger.cookies() == []
        screenshot(reader, f"shared-{'phone' if phone else 'desktop'}")

        # What is written later is seen once its owner says so.
        dialog.get_by_role("button", name="Close").click()
        ask(page, "Osmosis [[tokens=6 rate=0]]")
        expect(messages(page).get_by_text("t5")).to_be_visible()
        reader.reload()
        expect(reader.get_by_text("t3")).to_be_visible()
        expect(reader.get_by_text("Osmosis")).to_have_count(0)
        page.get_by_role("button", name="Actions for this chat").click()
        page.get_by_role("menuitem", name="Share").click()
        dialog.get_by_role("button", name="Update to now").click()
        expect(dialog.get_by_text("Shows 4 messages")).to_be_visible()
        reader.reload()
        expect(reader.get_by_text("Osmosis")).to_be_visible()

        page.goto("/account")
        page.get_by_role("button", name="Stop sharing Photosynthesis").click()
        expect(page.get_by_text("You share no chat.")).to_be_visible()
        reader.reload()
        expect(reader.get_by_role("heading", name="This link does not work any more.")).to_be_visible()


def test_of_very_many_conversations_those_near_what_is_seen_are_drawn(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        begin(page, "Photosynthesis")
        page.route(re.compile(r"/api/conversations/\?.*pinned=false"), _many)
        page.reload()
        place = page.get_by_role("navigation", name="Conversations")
        expect(link(place, "Chat 0.")).to_be_visible()
        rows = place.get_by_role("button", name="Actions for Chat")
        last = link(place, f"Chat {MANY - 1}.")
        link(place, "Chat 0.").hover()
        drawn = 0
        # Each page brings the next one when its end comes near.
        while not last.is_visible():
            page.mouse.wheel(0, 3_000)
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            drawn = max(drawn, rows.count())
        assert drawn < 200
        last.click()
        expect(page).to_have_url(re.compile(f"{MANY - 1:012d}$"))


MANY = 600
MANY_PER_PAGE = 150


def _many(route: Route) -> None:
    """Answer with a page of MANY conversations, the newest first."""
    template = route.fetch(url=re.sub(r"&cursor=\d+", "", route.request.url)).json()["items"][0]
    cursor = re.search(r"cursor=(\d+)", route.request.url)
    begin_at = int(cursor[1]) if cursor else 0
    end_at = min(begin_at + MANY_PER_PAGE, MANY)
    newest = datetime.now(UTC)
    items = [
        template
        | {
            "id": f"00000000-0000-4000-8000-{n:012d}",
            "title": f"Chat {n}.",
            "updated_at": (newest - timedelta(hours=n)).isoformat(),
        }
        for n in range(begin_at, end_at)
    ]
    route.fulfill(json={"items": items, "next_cursor": str(end_at) if end_at < MANY else None})
