"""Who really asks when a proxy stands in front: `X-Forwarded-*` is believed of the proxies of TRUSTED_PROXIES alone.

uvicorn reads these headers by itself for peers of its own machine, before any layer of ours; that is switched off by
`--no-proxy-headers` wherever we start it, so that this is the one place that decides.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED_FOR, FORWARDED_PROTO = b"x-forwarded-for", b"x-forwarded-proto"
UNKNOWN_PORT = 0


class TrustedProxies:
    """ASGI layer: sets the scope's client and scheme to what the nearest proxies that are trusted say of them."""

    def __init__(self, app: ASGI3Application, *, trusted: Sequence[Network]) -> None:
        self.app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if self._trusted and scope["type"] == "http" and scope["client"]:
            peer = address_of(scope["client"][0])
            if peer is not None and self._trusts(peer):
                client = self._client(peer, _entries(scope["headers"], FORWARDED_FOR))
                if client != peer:
                    scope["client"] = (str(client), UNKNOWN_PORT)
                scope["scheme"] = _scheme(scope["headers"]) or scope["scheme"]
        await self.app(scope, receive, send)

    def _client(self, peer: Address, hops: Sequence[str]) -> Address:
        """Walk from the peer outwards: each trusted hop is believed about the one before it, and no other is."""
        client = peer
        for hop in reversed(hops):
            if not self._trusts(client):
                break
            said = address_of(_without_port(hop))
            if said is None:
                break
            client = said
        return client

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def address_of(text: str) -> Address | None:
    """The address in its plain form, or None for what is none. A zone (`%eth0`) is free text, so it is none either."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        # A socket that listens on :: names its IPv4 clients this way.
        return None if address.scope_id else address.ipv4_mapped or address
    return address


def _without_port(hop: str) -> str:
    """The address of `1.2.3.4:80`, `[::1]:80` or `[::1]`; anything else as it is."""
    if hop.startswith("["):
        host, bracket, rest = hop[1:].partition("]")
        return host if bracket and (not rest or _is_port(rest)) else ""
    host, colon, rest = hop.partition(":")
    return host if _is_port(colon + rest) else hop


def _is_port(text: str) -> bool:
    return text[:1] == ":" and len(text) <= len(":65535") and text[1:].isascii() and text[1:].isdigit()


def _scheme(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """What the nearest proxy wrote, if that is a scheme; what stands left of it may be anybody's."""
    said = [entry.lower() for entry in _entries(headers, FORWARDED_PROTO)]
    return said[-1] if said and said[-1] in {"http", "https"} else ""


def _entries(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """The entries of a list header, of all its lines in order."""
    lines = [value.decode("latin-1") for key, value in headers if key == name]
    return [entry.strip() for entry in ",".join(lines).split(",")] if lines else []
