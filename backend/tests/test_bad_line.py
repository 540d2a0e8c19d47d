"""A real Chromium on a line that is slow, silent, or cut in the middle: answers end whole, nothing lost or doubled."""

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bad_line import TWO_G, BadLine, bad_line
from tests.browser import answer, ask, messages, until_page_is_kept, visitor
from tests.stack import Stack
from tests.streams import csrf, frames_of, text_of, tokens

TOKENS = 300
SAVED_SHARE = 0.3  # of the plain bytes that a compressed answer has at most; measured: 0.14
CUT_SECONDS = 60


@contextmanager
def page_behind(browser: Browser, stack: Stack, *, saves: bool, phone: bool = True) -> Iterator[tuple[Page, BadLine]]:
    """A page that has opened on a good line, which can be made a bad one."""
    with (
        bad_line(stack.gateway.url) as line,
        visitor(browser, stack, phone=phone, keeps_page=True, url=line.url) as context,
    ):
        context.add_init_script(f"localStorage.setItem('lamla.dataSaver', '{'on' if saves else 'off'}')")
        page = context.new_page()
        page.goto("/")
        until_page_is_kept(page)
        yield page, line


@pytest.mark.browser
@pytest.mark.parametrize("saves", [False, True], ids=["plain", "data-saver"])
def test_an_answer_on_2g_ends_whole_through_resets_a_cut_and_silence(
    browser: Browser, stack: Stack, *, saves: bool
) -> None:
    with page_behind(browser, stack, saves=saves) as (page, line):
        second = page.context.new_page()
        second.goto("/")
        line.quality = TWO_G
        ask(page, f"What is light? [[tokens={TOKENS} rate=25]]")
        expect(answer(page)).to_contain_text("t20 ", timeout=30_000)
        line.reset()
        expect(answer(page)).to_contain_text("t60 ", timeout=30_000)
        line.cut()
        expect(page.get_by_text("The line was cut.")).to_be_visible()
        # What is asked meanwhile waits, and goes by itself.
        ask(second, "What is sound? [[tokens=20 rate=200]]")
        expect(second.get_by_role("region", name="Waiting for the line")).to_contain_text("What is sound?")
        line.mend()
        expect(answer(page)).to_contain_text("t100 ", timeout=60_000)
        with silence(line):
            shown = answer(page).inner_text()
            expect(answer(page)).to_have_text(shown)
        expect(answer(second)).to_have_text(tokens(20).strip(), timeout=60_000)
        expect(answer(page)).to_have_text(tokens(TOKENS).strip(), timeout=60_000)
        expect(messages(page).get_by_role("article")).to_have_count(2)
        assert asked(page) == ["What is light?", "What is sound?"]


@pytest.mark.browser
@pytest.mark.long
def test_an_answer_survives_a_minute_without_a_line(browser: Browser, stack: Stack) -> None:
    with page_behind(browser, stack, saves=True) as (page, line):
        ask(page, "What is light? [[tokens=2000 rate=25]]")
        expect(answer(page)).to_contain_text("t20 ")
        line.cut()
        page.wait_for_timeout(CUT_SECONDS * 1000)
        line.mend()
        expect(answer(page)).to_have_text(tokens(2000).strip(), timeout=90_000)
        assert asked(page) == ["What is light?"]


@contextmanager
def silence(line: BadLine) -> Iterator[None]:
    line.stall()
    yield
    line.flow()


def asked(page: Page) -> list[str]:
    """All questions of the visitor, by the API, in the order of the alphabet."""
    found = []
    for conversation in page.request.get("/api/conversations/").json()["items"]:
        whole = page.request.get(f"/api/conversations/{conversation['id']}/").json()
        found += [each["text"].split(" [[")[0] for each in whole["messages"] if each["role"] == "user"]
    return sorted(found)


@dataclass(frozen=True)
class OnTheLine:
    text: str
    bytes: int
    is_compressed: bool


def test_a_compressed_answer_costs_a_fraction_and_says_the_same(stack: Stack) -> None:
    plain, saved = (read_answer(stack.client(), headers) for headers in ({}, {"Save-Data": "on"}))
    assert tokens(TOKENS) == plain.text == saved.text
    assert (plain.is_compressed, saved.is_compressed) == (False, True)
    print(f"\nan answer of {TOKENS} tokens: {plain.bytes:,} bytes, {saved.bytes:,} with the data saver")
    assert saved.bytes < plain.bytes * SAVED_SHARE


def read_answer(client: httpx.Client, headers: dict[str, str]) -> OnTheLine:
    """Ask as a page does, and read what comes as it comes."""
    prompt = {"message": f"What is light? [[tokens={TOKENS} rate=50]]"}
    with client.stream("POST", "/api/chat/stream/", json=prompt, headers={**headers, **csrf(client)}) as reply:
        raw = b"".join(reply.iter_raw())
        is_compressed = reply.headers.get("content-encoding") == "gzip"
    lines = (zlib.decompress(raw, 16 + zlib.MAX_WBITS) if is_compressed else raw).decode().splitlines()
    return OnTheLine(text_of(frames_of(lines)), len(raw), is_compressed)


@pytest.mark.browser
@pytest.mark.long
def test_the_first_visit_on_2g_shows_text_first_and_the_second_one_opens_at_once(
    browser: Browser, stack: Stack
) -> None:
    with (
        bad_line(stack.gateway.url, TWO_G) as line,
        visitor(browser, stack, phone=True, keeps_page=True, url=line.url) as context,
    ):
        page = context.new_page()
        page.set_default_timeout(180_000)
        print("\nfirst visit on 2G")
        began = time.monotonic()
        page.goto("/", wait_until="commit")
        told = partial(tell, line, began)
        expect(page.get_by_text("Lamla", exact=True).first).to_be_visible(timeout=60_000)
        told("the name of the page")
        expect(page.get_by_role("textbox", name="Message")).to_be_visible(timeout=180_000)
        told("a field to write in")
        page.wait_for_load_state("load")
        until_page_is_kept(page)
        told("the page is kept")
        ask(page, f"What is light? [[tokens={TOKENS} rate=50]]")
        expect(answer(page)).to_contain_text("t0 ", timeout=60_000)
        told("the first words of an answer")
        expect(answer(page)).to_contain_text(f"t{TOKENS - 1}", timeout=60_000)
        told("all of it")
        page.wait_for_load_state("networkidle")
        carried, began = line.down_bytes, time.monotonic()
        page.reload(wait_until="commit")
        expect(answer(page)).to_contain_text(f"t{TOKENS - 1}", timeout=60_000)
        print(f"  second visit: the answer after {time.monotonic() - began:.1f} s, {line.down_bytes - carried:,} bytes")


def tell(line: BadLine, began: float, what: str) -> None:
    print(f"  {time.monotonic() - began:5.1f} s {line.down_bytes:9,} bytes  {what}")
