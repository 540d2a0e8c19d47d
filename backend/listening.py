"""Whether an address can be listened on, asked before a server is started that would say it less clearly."""

import socket


def listen_error(host: str, port: int) -> OSError | None:
    """Why `host:port` cannot be listened on; None when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do themselves: connections that have ended a moment ago do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None
