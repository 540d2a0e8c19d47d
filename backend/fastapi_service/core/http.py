"""Pooled clients for calls to providers: httpx's interface on aiohttp's transport.

httpx's own transport loses pool slots when requests are cancelled (httpcore issue 1093), and costs three times as
much per stream.
"""

import ipaddress
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

IDLE_SECONDS = 30.0  # below what servers keep, so that a pooled connection is not closed just as it is used


def open_client(base_url: str, *, connect_s: float, keep_alive: bool) -> httpx.AsyncClient:
    """A client for one provider, without a read timeout: the chain's deadlines decide how long to wait.

    Must be called in the event loop that uses it, and closed by its caller.
    """

    def session() -> aiohttp.ClientSession:
        # How many requests run at once is decided before they come here; a second limit would only hide it.
        connector = (
            aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
            if keep_alive
            else aiohttp.TCPConnector(limit=0, force_close=True)
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),  # requests of different users must share nothing
            trust_env=not _on_this_machine(base_url),
        )

    return httpx.AsyncClient(
        transport=AiohttpTransport(client=session),
        headers={"accept-encoding": "identity"},  # compression holds tokens back
        timeout=httpx.Timeout(None, connect=connect_s),
        trust_env=False,  # a proxy of the environment is the session's matter; httpx would bring its own transport
    )


def _on_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
