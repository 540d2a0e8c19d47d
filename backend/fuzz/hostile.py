"""One pass of hostile input over the running product, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import httpx

from fuzz.attacks import all_attacks
from fuzz.naughty import all_strings
from fuzz.places import (
    GATEWAY_PLACES,
    SHORT,
    WORKER_RIGHT,
    Place,
    Visitor,
    WorkerCaller,
    new_visitor,
    to_study,
    to_worker,
)
from fuzz.site import WORKER_HEADERS, gateway_target, worker_target
from fuzz.wire import Answer, exchange
from tests.stack import Stack

STRINGS_PER_VISITOR = 100  # so that no conversation list grows without end
CLIENT_TIMEOUT_SECONDS = 30


@dataclass
class Row:
    """What was sent of one kind: how much, how each service answered by status, and what was wrong with it."""

    sent: int = 0
    answers: dict[str, Counter[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, service: str, name: str, answers: Sequence[Answer], right: frozenset[int]) -> None:
        self.sent += 1
        statuses = self.answers.setdefault(service, Counter())
        for answer in answers:
            statuses[answer.status] += 1
            complaint = answer.complaint() or ("" if answer.status in right else f"{answer.status} is not right")
            if complaint:
                self.faults.append(f"{service}: {name}: {complaint}: {answer.body[:200]!r}")


Table = dict[str, Row]


def attack(stack: Stack, table: Table) -> None:
    """Each attack on each service, on a connection of its own."""
    for target in (gateway_target(stack), worker_target(stack)):
        for each in all_attacks():
            row = table.setdefault(each.kind, Row())
            try:
                answers = exchange(target, each.request(target))
            except TimeoutError:
                row.faults.append(f"{target.name}: {each.name}: neither answered nor closed")
                continue
            row.add(target.name, each.name, answers, each.right)


def send_strings(stack: Stack, table: Table, *, everywhere: bool) -> None:
    """Each naughty string in each place, or in one place each, by turns."""
    strings = list(all_strings())
    stack.provider.queue(*[SHORT] * (len(strings) * 2))  # for the prompts that hold nothing of ours
    visitor = new_visitor(stack.client())
    with httpx.Client(base_url=stack.worker.url, headers=WORKER_HEADERS, timeout=CLIENT_TIMEOUT_SECONDS) as client:
        for number, (kind, text) in zip(count(1), strings, strict=False):
            places = GATEWAY_PLACES if everywhere else (GATEWAY_PLACES[number % len(GATEWAY_PLACES)],)
            row = table.setdefault(f"strings: {kind}", Row())
            for place in places:
                _send(row, visitor, place, text)
            caller, name = WorkerCaller(client), repr(text[:40])
            if everywhere or number % 5 == 0:
                for reply in to_worker(caller, text):
                    row.add("worker", name, [_answer(reply)], WORKER_RIGHT)
            if number % (10 if everywhere else 60) == 1:
                row.add("worker", name, [_answer(to_study(caller, text))], WORKER_RIGHT)
            if number % STRINGS_PER_VISITOR == 0:
                visitor = new_visitor(stack.client())


def _send(row: Row, visitor: Visitor, place: Place, text: str) -> None:
    name = f"{place.name}: {text[:40]!r}"
    try:
        reply = place.send(visitor, text)
    except (AssertionError, httpx.HTTPError) as error:
        row.faults.append(f"gateway: {name}: {error!r}")
        return
    row.add("gateway", name, [_answer(reply)], place.right)


def _answer(reply: httpx.Response) -> Answer:
    # allauth's own answers say what is wrong in JSON of their own shape.
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return Answer(reply.status_code, headers, reply.content)


def answers_normally(stack: Stack) -> bool:
    """Whether a chat goes as if nothing had been."""
    reply = stack.client().post("/api/chat/", json={"message": SHORT})
    return reply.status_code == 200 and reply.json()["assistant_message"]["state"] == "complete"
