"""A service for the tests of the supervisor: answers 200 to everything, and misbehaves when asked.

usage: stand_in.py HOST PORT FOLDER [FAULT…], of which: fail, ignore-sigterm, slow-to-end,
grandchild, stubborn-grandchild, stubborn-orphan.
Each process writes a file named by its pid into FOLDER; that of a service holds its port.
"""

import http.server
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

SLEEPER = "import os, signal, time; {prepare}\nopen(r'{folder}/' + str(os.getpid()), 'w').close(); time.sleep(600)"
IGNORE = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Listens on the family of its address."""


def end(*, delay_s: float) -> None:
    time.sleep(delay_s)
    print("ended", flush=True)
    os._exit(0)


def main() -> None:
    host, port, folder, *faults = sys.argv[1:]
    if "fail" in faults:
        sys.exit("the reason why it cannot start")
    if "ignore-sigterm" in faults:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "grandchild" in faults:
        subprocess.Popen([sys.executable, "-c", SLEEPER.format(prepare="", folder=folder)])
    if "stubborn-grandchild" in faults:
        subprocess.Popen([sys.executable, "-c", SLEEPER.format(prepare=IGNORE, folder=folder)])
    if "stubborn-orphan" in faults:  # its output is elsewhere, so nobody notices it when its parent has gone
        code = SLEEPER.format(prepare=IGNORE, folder=folder)
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    Server.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with Server((host, int(port)), Ok) as server:
        Path(folder, str(os.getpid())).write_text(port)
        if "ignore-sigterm" not in faults:
            signal.signal(signal.SIGTERM, lambda *_: end(delay_s=1 if "slow-to-end" in faults else 0))
        print("serving", flush=True)
        server.serve_forever()


main()
