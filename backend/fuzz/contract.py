"""Requests made by schemathesis from a service's own OpenAPI document, half of them right by it and half wrong."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
Operation = APIOperation[Any, Any, Any, Any]  # Any: of a specification, here OpenAPI
Request = Case[Any]
CASES_PER_ROUND = 20  # of one operation and kind; then it is the next one's turn
NO_ANSWER = 0  # in the place of a status
FAULTS_KEPT = 3  # of one operation and status
# The frames of a live answer may go on for minutes; its first say that it is one.
CONFIG = {"max-stream-events": 2, "request-timeout": 20}


@dataclass(frozen=True)
class Asker:
    """Who sends a request: the headers and cookies that say so, and ids of things of theirs by their names."""

    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """How many requests were sent, how each operation answered by status, and what was not as declared."""

    sent: int = 0
    answers: dict[str, Counter[int]] = field(default_factory=dict)
    faults: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def note(self, operation: str, status: int, fault: str) -> None:
        self.sent += 1
        self.answers.setdefault(operation, Counter())[status] += 1
        if fault:
            kept = self.faults.setdefault((operation, status), [])
            if len(kept) < FAULTS_KEPT:
                kept.append(fault)

    @property
    def told(self) -> str:
        """All faults as text."""
        return "\n\n".join(f"{name}: {status}\n" + "\n".join(kept) for (name, status), kept in self.faults.items())


def examine(document_url: str, askers: Sequence[Asker], *, cases: int, seed: int) -> Report:
    """Send at least `cases` requests to the service that publishes the document; the same for the same seed."""
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_url(document_url, config=config, headers=dict(askers[0].headers))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == len(list(schema.get_all_operations())), "an operation of the document cannot be read"
    report = Report()
    turns = itertools.cycle(askers)
    for number in itertools.count():
        before = report.sent
        for operation, mode in itertools.product(operations, GenerationMode):
            if report.sent >= cases:
                return report
            limit = min(CASES_PER_ROUND, cases - report.sent)
            for case in cases_of(operation, mode, limit=limit, seed=seed + number):
                _try(case, next(turns), own_ids=report.sent % 2 == 0, report=report)
        assert report.sent > before, "the document gives no requests"
    raise AssertionError("unreachable: counting never ends")


def cases_of(operation: Operation, mode: GenerationMode, *, limit: int, seed: int) -> Iterator[Request]:
    """Up to `limit` different cases; none where there is no wrong way to call the operation."""
    found: list[Request] = []

    @seeded(seed)
    @settings(
        max_examples=limit,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Request) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        return
    yield from found


def _try(case: Request, asker: Asker, *, own_ids: bool, report: Report) -> None:
    if own_ids:
        for name in case.path_parameters:
            case.path_parameters[name] = asker.ids.get(name, case.path_parameters[name])
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = case.call(session=session, headers=dict(asker.headers), cookies=dict(asker.cookies))
        except requests.RequestException as error:
            return report.note(case.operation.label, NO_ANSWER, repr(error))
        fault = "500" if answer.status_code == 500 else ""
        try:
            case.validate_response(answer, checks=CHECKS, headers=dict(asker.headers))
        except (Failure, FailureGroup) as failure:
            fault = _told(failure)
    report.note(case.operation.label, answer.status_code, fault)


def _told(failure: Any) -> str:
    """Any: of schemathesis, one failure or a group of them."""
    failures = getattr(failure, "exceptions", [failure])
    return "\n".join(f"{each.title}: {each.message[:600]}" for each in failures)
