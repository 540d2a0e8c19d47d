"""Whom usage is counted for: a user, an address, or all together."""

from ipaddress import IPv6Address, ip_address
from uuid import UUID

from django.utils.crypto import salted_hmac

EVERYBODY = "all"
ADDRESS = "address:"
EMAIL = "email:"
IPV6_HOST_BITS = 64  # one household or hall has them all
DIGEST_CHARS = 32


def user_subject(user_id: UUID) -> str:
    return f"user:{user_id}"


def address_subject(address: str) -> str:
    """The network of a client, by a digest that only SECRET_KEY can make: no address is stored."""
    digest = salted_hmac("apps.usage.address", _network(address), algorithm="sha256").hexdigest()
    return f"{ADDRESS}{digest[:DIGEST_CHARS]}"


def email_subject(email: str) -> str:
    """Of an account that is no more: who makes another one with the same e-mail goes on with what was used that day."""
    digest = salted_hmac("apps.usage.email", email.strip().casefold(), algorithm="sha256").hexdigest()
    return f"{EMAIL}{digest[:DIGEST_CHARS]}"


def _network(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address its first half; empty for what is neither (a Unix socket)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{int(parsed) >> IPV6_HOST_BITS:x}::/{IPV6_HOST_BITS}"
