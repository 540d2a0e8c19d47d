"""Whatever a header holds, the client is an address, and never one that somebody whom we do not trust has chosen."""

import asyncio
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.trusted_proxies import TrustedProxies, address_of

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "2001:db8::/32", "127.0.0.1")))
PROXIES = st.sampled_from(["10.0.0.7", "10.255.1.1", "2001:db8::5", "127.0.0.1"])
STRANGERS = st.sampled_from(["203.0.113.9", "198.51.100.200", "2606:4700::1111", "172.16.0.1"])
ANYTHING = st.one_of(
    st.binary(max_size=60),
    st.lists(st.one_of(PROXIES, STRANGERS, st.just(""), st.text("0123456789.:[]%,abc ", max_size=20)), max_size=6).map(
        lambda entries: ",".join(entries).encode()
    ),
)
Header = tuple[bytes, bytes]


def seen(peer: str | None, *headers: Header, trusted: Any = TRUSTED, scheme: str = "http") -> tuple[Any, str]:
    """Client and scheme as the application sees them. Any: of an ASGI scope."""
    told: list[tuple[Any, str]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        told.append((scope["client"], scope["scheme"]))

    scope: Any = {"type": "http", "client": (peer, 5) if peer else None, "scheme": scheme, "headers": list(headers)}
    asyncio.run(TrustedProxies(application, trusted=trusted)(scope, None, None))  # type: ignore[arg-type]  # unused
    return told[0]


def forwarded(value: bytes | str) -> Header:
    return b"x-forwarded-for", value.encode() if isinstance(value, str) else value


@given(STRANGERS, ANYTHING, st.sampled_from([b"http", b"https", b"x"]))
def test_of_a_stranger_nothing_is_believed(peer: str, value: bytes, proto: bytes) -> None:
    assert seen(peer, forwarded(value), (b"x-forwarded-proto", proto)) == ((peer, 5), "http")


@given(PROXIES, ANYTHING)
def test_without_trusted_proxies_the_peer_is_the_client(peer: str, value: bytes) -> None:
    assert seen(peer, forwarded(value), trusted=())[0] == (peer, 5)


@given(ANYTHING, STRANGERS, st.lists(PROXIES, min_size=1, max_size=3))
def test_what_the_client_wrote_itself_changes_nothing(written: bytes, client: str, proxies: list[str]) -> None:
    """Each proxy appends whom it was asked by; the client may have sent anything before."""
    hops = ", ".join([client, *proxies[:-1]]).encode()
    assert seen(proxies[-1], forwarded(written + b", " + hops))[0][0] == client
    assert seen(proxies[-1], forwarded(written), forwarded(hops))[0][0] == client


@given(PROXIES, ANYTHING)
def test_the_client_is_always_an_address(peer: str, value: bytes) -> None:
    host = seen(peer, forwarded(value))[0][0]
    assert str(ip_address(host)) == host
    assert "%" not in host


@pytest.mark.parametrize(
    ("value", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2606:4700::1111]:443", "2606:4700::1111"),
        ("[2606:4700::1111]", "2606:4700::1111"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("6.6.6.6, unknown", "10.0.0.7"),
        ("6.6.6.6, ", "10.0.0.7"),
        ("6.6.6.6, fe80::1%evil", "10.0.0.7"),
        ("6.6.6.6, 203.0.113.9:x", "10.0.0.7"),
        ("6.6.6.6, [203.0.113.9", "10.0.0.7"),
        ("10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("", "10.0.0.7"),
    ],
)
def test_forms_of_the_header(value: str, client: str) -> None:
    assert seen("10.0.0.7", forwarded(value))[0][0] == client


@pytest.mark.parametrize(
    ("value", "scheme"),
    [(b"https", "https"), (b"HTTPS", "https"), (b"http, https", "https"), (b"https, http", "http"), (b"ftp", "http")],
)
def test_the_scheme_is_what_the_nearest_proxy_says(value: bytes, scheme: str) -> None:
    assert seen("10.0.0.7", (b"x-forwarded-proto", value))[1] == scheme


def test_a_peer_without_an_address_stays_without_one() -> None:
    assert seen(None, forwarded("203.0.113.9"))[0] is None
    assert address_of("/run/socket") is None
