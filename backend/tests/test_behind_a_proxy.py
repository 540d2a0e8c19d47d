"""A gateway that people reach by https through a proxy on the same machine, and one that nobody stands in front of."""

from collections.abc import Iterator

import httpx
import pytest

from fuzz.site import SERVER
from tests.accounts import ask, sign_up
from tests.stack import Service, Stack, gateway_service, running_stack
from tests.streams import csrf

HOST = "lamla.example"
PROXIED = {
    **SERVER,
    "PUBLIC_URL": f"https://{HOST}",
    "SECRET_KEY": "an-example-of-a-long-key-0123456789-abcdefghijklmnopqrstuvwxyz",
    "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8",
}
# Through the proxy, from a client who has tried to look like somebody else.
FORWARDED = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Proto": "https", "Host": HOST}


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("proxied"), gateway=PROXIED, start_worker=False) as stack:
        yield stack


@pytest.fixture(scope="module")
def alone(proxied: Stack) -> Iterator[Service]:
    """Of the same database, but trusting nobody."""
    settings = {**PROXIED, "PUBLIC_URL": "http://localhost:8000", "TRUSTED_PROXIES": ""}
    gateway = gateway_service(proxied.folder, worker_url=proxied.worker.url, settings=settings, name="alone")
    gateway.start()
    yield gateway
    gateway.end()


def _set_cookies(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")


def addresses_of_sessions(client: httpx.Client) -> list[str]:
    return [session["ip"] for session in ask(client, "/auth/sessions", method="GET")["data"]]


class Loose(httpx.Client):
    """Keeps cookies for https also for this plain connection to the proxy's other side."""

    def send(self, request: httpx.Request, **options: object) -> httpx.Response:
        answer = super().send(request, **options)  # type: ignore[arg-type]  # passed through
        for cookie in self.cookies.jar:
            cookie.secure = False
        return answer


@pytest.fixture
def student(proxied: Stack) -> Iterator[httpx.Client]:
    origin = {"Origin": f"https://{HOST}", "Referer": f"https://{HOST}/"}
    with Loose(base_url=proxied.gateway.url, headers={**FORWARDED, **origin}, trust_env=False, timeout=30) as client:
        yield client


def test_https_is_promised_and_its_cookies_are_for_https_alone(proxied: Stack) -> None:
    answer = proxied.client(headers=FORWARDED).get("/api/session/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    lines = _set_cookies(answer)
    assert len(lines) == 2
    assert all("; Secure" in line for line in lines)


def test_the_address_is_the_one_that_the_proxy_saw(proxied: Stack, student: httpx.Client) -> None:
    sign_up(proxied, student, "proxied@example.org")
    assert addresses_of_sessions(student) == ["203.0.113.9"]


def test_without_trusted_proxies_nobody_says_where_they_come_from(proxied: Stack, alone: Service) -> None:
    with httpx.Client(base_url=alone.url, headers={"X-Forwarded-For": "203.0.113.9"}, trust_env=False) as client:
        sign_up(proxied, client, "alone@example.org")
        assert addresses_of_sessions(client) == ["127.0.0.1"]


def test_the_scheme_is_believed_of_the_proxy_alone(proxied: Stack, alone: Service) -> None:
    """Told by what counts as our own page."""
    for url, status in ((proxied.gateway.url, 200), (alone.url, 403)):
        own = f"https://{url.removeprefix('http://')}"
        headers = {"X-Forwarded-Proto": "https", "Origin": own}
        assert httpx.get(f"{url}/api/session/", headers=headers, trust_env=False).status_code == status


def test_a_page_under_https_can_write(student: httpx.Client) -> None:
    student.get("/api/session/")
    # No worker runs here: that the prompt came in is all that counts.
    answer = student.post("/api/chat/", json={"message": "", "provider": "nobody"}, headers=csrf(student))
    assert answer.status_code == 422
