"""A real Chromium, and what the tests do with Lamla's page in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.stack import Stack, wait_until

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
PHONE = {"width": 360, "height": 640}
TIMEOUT_MS = 15_000


def chromium_path() -> str:
    """The machine's Chromium."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert found, "make test installs a Chromium, or says how to get one"
    return found


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A Chromium that ends with the block."""
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield running
        running.close()


@contextmanager
def visitor(
    browser: Browser,
    stack: Stack,
    *,
    phone: bool = False,
    dark: bool = False,
    keeps_page: bool = False,
    url: str = "",
) -> Iterator[BrowserContext]:
    """Somebody with cookies of their own, at the gateway of `stack`; their pages are closed with the block.

    `keeps_page` lets the browser keep the page for when there is no line; `url` is another way to the gateway.
    """
    context = browser.new_context(
        base_url=url or stack.gateway.url,
        service_workers="allow" if keeps_page else "block",
        locale="en-GB",
        viewport=PHONE if phone else {"width": 1280, "height": 720},  # type: ignore[arg-type]  # a plain dict
        has_touch=phone,
        is_mobile=phone,
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


def until_page_is_kept(page: Page) -> None:
    """Wait until the browser can open the page without a line; of a visitor who `keeps_page`."""
    state = "navigator.serviceWorker.getRegistration().then(found => found?.active?.state)"
    wait_until(lambda: page.evaluate(state) == "activated", what="the page is kept")


def ask(page: Page, question: str) -> None:
    """Type a question and send it, once no other answer is being written."""
    page.get_by_role("textbox", name="Message").fill(question)
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    page.keyboard.press("Enter")


def messages(page: Page) -> Locator:
    """Where answers are read; a screen reader's copy of them stands elsewhere."""
    return page.get_by_role("region", name="Messages")


def answer(page: Page) -> Locator:
    """The text of the last answer."""
    return messages(page).get_by_role("article").last.locator("p").first


def screenshot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", animations="disabled")


def with_authenticator(page: Page) -> None:
    """A device that keeps passkeys and always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
