"""An account in a real Chromium: made, secured by a second step and a passkey, and opened by them."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.accounts import PASSWORD, code_from_mail, log_in, sign_up
from tests.browser import ask, messages, screenshot, visitor, with_authenticator
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser
LOOKS = ["desktop", "phone", "dark"]
TALL = 2000


def totp(secret: str, *, at: float) -> str:
    """The code of an authenticator app. Source: RFC 6238 with SHA-1, six digits, 30 s; RFC 4226, section 5.3."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def fresh_code(secret: str) -> str:
    """A code that stays good for as long as the page may need to send it."""
    wait_until(lambda: time.time() % 30 < 20, what="a new period of codes begins")
    return totp(secret, at=time.time())


def site(stack: Stack) -> str:
    """By name: a passkey belongs to one, and to no number."""
    return stack.gateway.url.replace("127.0.0.1", "localhost")


def press(place: Page | Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).click()


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def open_account(page: Page) -> None:
    press(page, "Settings")
    page.get_by_role("menuitem").first.click()
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()


def go_to_account(page: Page, stack: Stack) -> None:
    """And wait for all of it: what arrives above moves the buttons below."""
    page.goto(f"{site(stack)}/account")
    expect(section(page, "Devices").get_by_text("This device")).to_be_visible()
    expect(page.get_by_text("Loading")).to_have_count(0)


def log_out(page: Page) -> None:
    press(page, "Log out")
    expect(page.get_by_role("link", name="Sign up to keep your chats on every device")).to_be_visible()


def show_again(page: Page) -> None:
    """Answer the dialog that comes before what is delicate."""
    dialog = page.get_by_role("dialog", name="Is it you?")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    screenshot(page, "account-again")
    press(dialog, "Confirm")
    expect(dialog).to_be_hidden()


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    with visitor(browser, stack) as context:
        page = context.new_page()
        page.goto(site(stack))
        yield page


def become_user(page: Page, stack: Stack, email: str) -> None:
    page.get_by_role("link", name="Sign up to keep your chats on every device").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign up")
    expect(page.get_by_text(f"We have sent a code to {email}.")).to_be_visible()
    page.get_by_label("Code").fill(code_from_mail(stack))
    press(page, "Confirm")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def enter_as(context: BrowserContext, stack: Stack, email: str) -> None:
    """Somebody with an account, without going through the pages that make one."""
    client = stack.client()
    sign_up(stack, client, email)
    context.add_cookies([{"name": key, "value": value, "url": site(stack)} for key, value in client.cookies.items()])


def secure(page: Page) -> str:
    """Set up an authenticator app, and return its secret."""
    open_account(page)
    two_step = section(page, "Two-step login")
    press(two_step, "Set up")
    secret = two_step.get_by_text(re.compile(r"^[A-Z2-7]{32}$")).inner_text()
    two_step.get_by_label("Code of the app").scroll_into_view_if_needed()
    screenshot(page, "account-totp-setup")
    two_step.get_by_label("Code of the app").fill(fresh_code(secret))
    press(two_step, "Turn on")
    show_again(page)
    expect(two_step.get_by_text("Authenticator app")).to_be_visible()
    press(two_step, "Show codes")
    expect(two_step.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    screenshot(page, "account-recovery-codes")
    return secret


def log_in_in_two_steps(page: Page, email: str, secret: str) -> None:
    page.goto(page.url.split("/account")[0].rstrip("/") + "/account/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")
    page.get_by_label("Code of the app, or a recovery code").fill(fresh_code(secret))
    screenshot(page, "account-second-step")
    press(page, "Log in")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_guests_chats_are_there_after_every_way_in(page: Page, stack: Stack) -> None:
    email = "ada@example.org"
    chats = page.get_by_role("link", name="What is light?")
    stack.provider.queue("Light is a wave.")
    ask(page, "What is light?")
    expect(messages(page)).to_contain_text("Light is a wave.")
    screenshot(page, "account-guest")
    become_user(page, stack, email)
    expect(chats).to_be_visible()

    secret = secure(page)
    log_out(page)
    expect(chats).to_be_hidden()
    log_in_in_two_steps(page, email, secret)
    expect(chats).to_be_visible()

    with_authenticator(page)
    open_account(page)
    passkeys = section(page, "Passkeys")
    passkeys.get_by_label("Name of the passkey").fill("My phone")
    press(passkeys, "Add a passkey")
    show_again(page)
    expect(passkeys.get_by_role("list")).to_contain_text("My phone")
    screenshot(page, "account-passkeys")
    log_out(page)

    press(page, "Settings")
    page.get_by_role("menuitem", name="Log in").click()
    press(page, "Log in with a passkey")
    expect(chats).to_be_visible()
    chats.click()
    expect(messages(page)).to_contain_text("Light is a wave.")


def test_an_account_takes_another_address_and_is_deleted_with_all_that_it_has(page: Page, stack: Stack) -> None:
    email, other = "old.ada@example.org", "new.ada@example.org"
    enter_as(page.context, stack, email)
    go_to_account(page, stack)
    address = section(page, "E-mail")
    press(address, "Change e-mail")
    address.get_by_label("New e-mail").fill(other)
    press(address, "Send a code")
    expect(address.get_by_text(f"We have sent a code to {other}.")).to_be_visible()
    address.get_by_label("Code").fill(code_from_mail(stack))
    press(address, "Confirm")
    expect(address.get_by_text(other, exact=True)).to_be_visible()
    expect(address.get_by_text(email)).to_be_hidden()

    data = section(page, "Your data")
    with page.expect_download() as exported:
        data.get_by_role("link", name="Export everything").click()
    data.get_by_label("Import an export").set_input_files(exported.value.path())
    expect(data.get_by_text("Added: 0 conversations, 0 messages, 0 files.")).to_be_visible()

    press(data, "Delete account")
    question = page.get_by_role("alertdialog", name="Delete your account?")
    question.get_by_role("textbox").fill(other)
    press(question, "Delete for good")
    expect(page.get_by_role("link", name="Sign up to keep your chats on every device")).to_be_visible()
    assert log_in(stack.client(), other)["status"] == 400


def test_a_token_of_the_page_opens_the_api(page: Page, stack: Stack) -> None:
    enter_as(page.context, stack, "developer@example.org")
    go_to_account(page, stack)
    tokens = section(page, "API tokens")
    press(tokens, "New token")
    tokens.get_by_label("Name of the token").fill("Notebook")
    press(tokens, "Make token")
    token = tokens.get_by_text(re.compile("^lamla_[^…]+$")).inner_text()
    program = stack.client(headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/conversations/").status_code == 200
    press(tokens, "Revoke Notebook")
    press(page.get_by_role("alertdialog", name="Revoke this token?"), "Revoke")
    expect(tokens.get_by_role("listitem")).to_have_count(0)
    assert program.get("/api/conversations/").status_code == 401


def test_a_device_is_logged_out_from_another(page: Page, stack: Stack) -> None:
    email = "two.devices@example.org"
    enter_as(page.context, stack, email)
    lost = stack.client(headers={"User-Agent": "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0"})
    assert log_in(lost, email)["status"] == 200
    go_to_account(page, stack)
    press(section(page, "Devices"), "Log out Firefox, Android")
    expect(section(page, "Devices").get_by_role("listitem")).to_have_count(1)
    assert lost.get("/api/session/").json()["user"] is None


def test_another_tab_shows_nothing_of_whom_has_logged_out(page: Page, stack: Stack) -> None:
    stack.provider.queue("It is private.")
    ask(page, "A private matter")
    expect(messages(page)).to_contain_text("It is private.")
    become_user(page, stack, "grace@example.org")
    other = page.context.new_page()
    other.goto(site(stack))
    chats = other.get_by_role("link", name="A private matter")
    expect(chats).to_be_visible()
    open_account(page)
    log_out(page)
    expect(chats).to_be_hidden()


def test_a_forgotten_password_is_set_anew(page: Page, stack: Stack) -> None:
    email = "forgetful.ada@example.org"
    sign_up(stack, stack.client(), email)
    page.goto(f"{site(stack)}/account/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(email)
    press(page, "Send a code")
    expect(page.get_by_text("a code has been sent to it")).to_be_visible()
    page.get_by_label("Code").fill(code_from_mail(stack))
    page.get_by_label("New password", exact=True).fill("another horse entirely")
    press(page, "Set password")
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("another horse entirely")
    press(page, "Log in")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def test_the_admin_sends_here_and_gets_its_visitor_back(page: Page, stack: Stack) -> None:
    email = "curious@example.org"
    sign_up(stack, stack.client(), email)
    page.goto(f"{site(stack)}/admin/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")
    page.wait_for_url(re.compile("/admin/"))


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[tuple[str, BrowserContext]]:
    name = request.param
    with visitor(browser, stack, phone=name == "phone", dark=name == "dark") as context:
        yield name, context


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wide = "[...document.querySelectorAll('*')].every((e) => e.scrollWidth <= Math.max(e.clientWidth, innerWidth))"
    return bool(page.evaluate(wide))


def test_the_pages_fit_phones_desks_and_the_dark(look: tuple[str, BrowserContext], stack: Stack) -> None:
    name, context = look
    page = context.new_page()
    for path in ("login", "signup", "reset"):
        page.goto(f"{site(stack)}/account/{path}")
        expect(page.get_by_label("E-mail")).to_be_visible()
        screenshot(page, f"account-{path}-{name}")
        assert fits(page)

    enter_as(context, stack, f"a.rather.long.address.of.{name}@department.university.example.org")
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": size["width"], "height": TALL})
    go_to_account(page, stack)
    press(section(page, "API tokens"), "New token")
    screenshot(page, f"account-{name}")
    assert fits(page)
