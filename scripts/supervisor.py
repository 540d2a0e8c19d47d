"""Runs the services as one: shows their output, waits until they are healthy, and ends all of them together.

honcho starts each command in a session of its own, reads its output and prints it. Its manager is not used: that
never kills when all children ignore SIGTERM, and leaves grand-children behind when their parent has gone.
"""

import contextlib
import os
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from honcho.colour import get_colours  # type: ignore[import-untyped]  # honcho ships no types
from honcho.printer import Message, Printer  # type: ignore[import-untyped]
from honcho.process import Process  # type: ignore[import-untyped]

from scripts.health import wait_until_healthy
from scripts.services import Service
from scripts.steps import Stop, say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_WAIT_S = 5.0
READY_WAIT_S = 120.0
RESTARTS_MAX = 5  # of one that the others can do without
# After a hang-up, or with a pager that was left, printing fails; the services are to end in order all the same.
TERMINAL_MAY_BE_GONE = contextlib.suppress(OSError)


class Supervisor:
    """Owns the processes of `services` from `run()` until it returns; no process of theirs outlives it.

    One that is not essential is started again when it ends by itself, and left away when it does so too often.
    """

    def __init__(self, services: list[Service], variables: Mapping[str, str], *, directory: str) -> None:
        self._services = {service.name: service for service in services}
        self._variables, self._directory = dict(variables), directory
        colours = get_colours()
        self._colours = {name: next(colours) for name in self._services}
        self._printer = Printer(width=max(map(len, self._services)))
        self._restarts = dict.fromkeys(self._services, 0)
        self._events: queue.SimpleQueue[Any] = queue.SimpleQueue()  # Any: honcho's Message has no types
        self._groups: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        # In this order: the gateway, the last, finishes or marks its answers while the others are still there.
        self._last = services[-1].name
        self._to_ask = [[self._last], [service.name for service in services[:-1]]]
        self._ask_next_at: float | None = None
        self._leaving = threading.Event()

    def run(self, on_ready: Callable[[], None]) -> None:
        """Return after Ctrl-C or SIGTERM, when all have ended; call `on_ready` once all are healthy.

        Raises: Stop when an essential service ended by itself, or was not healthy in time; all others have been ended
        then.
        """
        with self._signals_as_events():
            try:
                for name in self._services:
                    self._start(name)
                _in_background(self._watch_health)
                reason = self._follow(on_ready)
            finally:
                self._leaving.set()
                # What outlived its parent, and all of them if we failed ourselves.
                self._signal_groups(signal.SIGKILL, self._groups)
        if reason:
            raise Stop(reason)

    def _follow(self, on_ready: Callable[[], None]) -> str:
        """Handle events until every process has ended; the sentence of what went wrong, or an empty string."""
        reason: str | None = None
        ready = False
        while len(self._codes) < len(self._services):
            event = self._next_event()
            if event is None:
                self._end_next()
            elif event.type == "line":
                with TERMINAL_MAY_BE_GONE:
                    self._printer.write(event)
            elif event.type == "start":
                self._started(event.name, event.data["pid"])
            elif event.type == "ready" and reason is None:
                ready = True
                with TERMINAL_MAY_BE_GONE:
                    on_ready()
            elif reason is None and event.type == "stop" and not self._services[event.name].essential:
                self._start_again(event)
            elif reason is None:
                reason = self._reason(event, ready=ready)
                self._begin_to_end(event)
            elif event.type == "stop":
                self._ended(event)
            elif event.type == "ask":  # a second Ctrl-C: wait no longer
                self._to_ask.clear()
                self._end_next()
        return reason or ""

    def _start(self, name: str) -> None:
        command, colour = self._services[name].command, self._colours[name]
        process = Process(command, name=name, colour=colour, env=dict(self._variables), cwd=self._directory)
        _in_background(process.run, self._events)

    def _start_again(self, event: Any) -> None:
        """Start one again that the others can do without, unless it has ended too often."""
        self._signal_groups(signal.SIGKILL, [event.name])  # what it may have left behind
        self._restarts[event.name] += 1
        if gives_up := self._restarts[event.name] > RESTARTS_MAX:
            self._ended(event)
        else:
            del self._groups[event.name]
            self._start(event.name)
        then = "it stays away until the next start" if gives_up else "it is started again"
        with TERMINAL_MAY_BE_GONE:
            say(f"The {event.name} ended ({_how(event)}); {then}. All else goes on.")

    def _started(self, name: str, group: int) -> None:
        self._groups[name] = group
        if self._ask_next_at is not None:  # Ctrl-C came first
            self._signal_groups(signal.SIGTERM, [name])

    def _next_event(self) -> Any:  # Any: as above
        """The next event, or None when the time that processes have to end is over."""
        if self._ask_next_at is None:
            return self._events.get()
        try:
            return self._events.get(timeout=max(0.0, self._ask_next_at - time.monotonic()))
        except queue.Empty:
            return None

    def _reason(self, event: Any, *, ready: bool) -> str:
        if event.type == "ask":
            return ""
        if event.type == "late":
            return f"Not healthy after {READY_WAIT_S:.0f} s: {event.data}; what they printed above may say why."
        when = "" if ready else " at its start"
        return f"The {event.name} ended{when} ({_how(event)}), so everything was stopped: its last lines above say why."

    def _begin_to_end(self, event: Any) -> None:
        with TERMINAL_MAY_BE_GONE:
            say("Stopping …")
        self._end_next()
        if event.type == "stop":
            self._ended(event)

    def _ended(self, event: Any) -> None:
        self._codes[event.name] = event.data["returncode"]
        if self._to_ask and event.name == self._last:
            self._end_next()

    def _end_next(self) -> None:
        """Ask the next in turn to end; when all were asked and had their time, kill what is left."""
        names = self._to_ask.pop(0) if self._to_ask else None
        self._signal_groups(signal.SIGTERM if names else signal.SIGKILL, names or self._groups)
        self._ask_next_at = time.monotonic() + STOP_WAIT_S

    def _signal_groups(self, number: signal.Signals, names: Iterable[str]) -> None:
        for name in names:
            # Whole groups: also what a service has started. One that has ended, or never started, has none.
            if name in self._groups:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._groups[name], number)

    @contextlib.contextmanager
    def _signals_as_events(self) -> Iterator[None]:
        """Put an "ask" into the queue for each signal that asks us to stop.

        Python's own handlers run between two steps of the main thread. One that comes just as that thread begins to
        wait would be seen only when the wait is over, so the interpreter's wake-up byte is read in a thread instead.
        """
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        wakeup_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, lambda *_: None) for number in STOP_SIGNALS}
        watching = threading.Thread(target=self._watch_signals, args=(reader,))
        watching.start()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup_before)
            writer.close()  # ends the thread
            watching.join()
            reader.close()

    def _watch_signals(self, reader: socket.socket) -> None:
        while number := reader.recv(1):
            if number[0] in STOP_SIGNALS:
                self._tell("ask")

    def _watch_health(self) -> None:
        """Tell once that all essential ones are healthy, or who is not in time; ends early when we leave."""
        essential = [service for service in self._services.values() if service.essential]
        missing = wait_until_healthy(essential, READY_WAIT_S, self._leaving)
        self._tell("late" if missing else "ready", data=", ".join(missing))

    def _tell(self, kind: str, data: str = "") -> None:
        self._events.put(Message(type=kind, data=data, time=datetime.now(), name="", colour=None))


def _how(event: Any) -> str:
    """How a process ended."""
    code = event.data["returncode"]
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _in_background(target: Callable[..., object], *arguments: object) -> None:
    """Call it in a thread that does not hold us: a process that cannot even be killed must not."""
    threading.Thread(target=target, args=arguments, daemon=True).start()
