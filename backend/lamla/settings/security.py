"""Whom we believe about a request's sender, where our forms may lead, and why Django's own guards stand elsewhere."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from environment import ConfigurationError
from lamla.settings.base import env


def _networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """A list of addresses and networks (CIDR). Raises: ConfigurationError."""
    networks = []
    for entry in env.items(name):
        try:
            networks.append(ip_network(entry))
        except ValueError as error:
            raise ConfigurationError(
                f"{name} holds {entry!r}; write addresses or networks, such as 10.0.0.7,172.18.0.0/16."
            ) from error
    return tuple(networks)


# Of these peers alone are X-Forwarded-For and X-Forwarded-Proto read.
TRUSTED_PROXIES = _networks("TRUSTED_PROXIES")
# Where the form that begins a sign-in is redirected to; browsers hold redirects of forms to the page's policy.
FORM_TARGETS = ["https://accounts.google.com"] if env.text("GOOGLE_CLIENT_ID") else []
if _issuer := env.text("OIDC_ISSUER"):
    FORM_TARGETS.append("{0.scheme}://{0.netloc}".format(urlsplit(_issuer)))
# They ask for Django's middlewares by name. Ours do the same without a thread per request, and for answers that never
# come to Django: tests/test_security_headers.py and tests/test_csrf.py look at what arrives.
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # SecurityMiddleware: apps.core.security_headers
    "security.W002",  # XFrameOptionsMiddleware: the same
    "security.W003",  # CsrfViewMiddleware: apps.core.django_middlewares.Csrf, and apps.core.access for /api/
]
