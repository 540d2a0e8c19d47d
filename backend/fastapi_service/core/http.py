"""Pooled clients for calls to providers: httpx's interface on aiohttp's transport.

httpx's own transport loses pool slots when requests are cancelled (httpcore issue 1093), and costs three times as
much per stream.
"""

import ipaddress
import ssl
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

IDLE_SECONDS = 30.0  # below what servers keep, so that a pooled connection is not closed just as it is used


def open_client(base_url: str, *, connect_s: float, keep_alive: bool) -> httpx.AsyncClient:
    """A client for one provider, without a read timeout: the chain's deadlines decide how long to wait.

    Must be called in the event loop that uses it, and closed by its caller.
    """

    # One context for both: each takes 50 ms. It has certifi's roots, also where the system brings none.
    tls = httpx.create_ssl_context() if base_url.startswith("https:") else False
    trust_env = not _on_this_machine(base_url)
    fresh = _transport(lambda: aiohttp.TCPConnector(limit=0, ssl=tls, force_close=True), tls, trust_env)
    pooled = _transport(lambda: aiohttp.TCPConnector(limit=0, ssl=tls, keepalive_timeout=IDLE_SECONDS), tls, trust_env)
    return httpx.AsyncClient(
        transport=RepeatOnDeadConnection(pooled, fresh) if keep_alive else fresh,
        headers={"accept-encoding": "identity"},  # compression holds tokens back
        timeout=httpx.Timeout(None, connect=connect_s),
        trust_env=False,  # a proxy of the environment is the session's matter; httpx would bring its own transport
    )


# Whether the request that this task is making goes over a connection that had served another one before.
_reused: ContextVar[bool] = ContextVar("connection_reused", default=False)


async def _note_reuse(_session: object, _context: object, _params: object) -> None:
    _reused.set(True)


class RepeatOnDeadConnection(httpx.AsyncBaseTransport):
    """Repeats a request once, on a new connection, when a reused one dies before the answer's first byte.

    Servers close idle connections when they like; some close them just as the next request is written.
    """

    def __init__(self, pooled: httpx.AsyncBaseTransport, fresh: httpx.AsyncBaseTransport) -> None:
        self._pooled, self._fresh = pooled, fresh

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _reused.set(False)
        try:
            return await self._pooled.handle_async_request(request)
        except httpx.TransportError as error:
            if not _reused.get():
                raise
            # Of aiohttp's connection errors all but these two mean a connection that had been open.
            died = isinstance(error.__cause__, aiohttp.ClientConnectionError)
            if not died or isinstance(error.__cause__, aiohttp.ClientConnectorError | aiohttp.ServerTimeoutError):
                raise
            return await self._fresh.handle_async_request(request)

    async def aclose(self) -> None:
        await self._pooled.aclose()
        await self._fresh.aclose()


def _transport(
    connector: Callable[[], aiohttp.TCPConnector], tls: ssl.SSLContext | bool, trust_env: bool
) -> AiohttpTransport:
    # How many requests run at once is decided before they come here; a limit here would only hide it.
    def session() -> aiohttp.ClientSession:
        reuse = aiohttp.TraceConfig()
        reuse.on_connection_reuseconn.append(_note_reuse)  # aiohttp calls it in the task that makes the request
        return aiohttp.ClientSession(
            connector=connector(),
            trace_configs=[reuse],
            cookie_jar=aiohttp.DummyCookieJar(),  # requests of different users must share nothing
            trust_env=trust_env,
        )

    return AiohttpTransport(client=session, verify=tls)


def _on_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
