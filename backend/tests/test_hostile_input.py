"""A light version of `make fuzz`: hostile input and requests from the OpenAPI documents, against real processes."""

from collections.abc import Iterator

import pytest

from fuzz.askers import gateway_askers, worker_askers
from fuzz.contract import Report, examine
from fuzz.hostile import Table, answers_normally, attack, send_strings
from fuzz.loris import SlowLoris
from fuzz.page import faults_of
from fuzz.site import gateway_target, memory_mb, running_site, worker_target
from tests.stack import Stack

SEED = 20_261_125
GATEWAY_CASES, WORKER_CASES = 400, 120
GROWTH_MAX_MB = 64.0  # over the whole of it: the largest bodies that are taken, and caches that fill once
SLOW_PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_site(tmp_path_factory.mktemp("hostile")) as stack:
        yield stack


def assert_declared(report: Report, *, cases: int) -> None:
    assert report.told == ""
    assert report.sent == cases


def test_hostile_input_is_refused_and_the_service_goes_on(site: Stack) -> None:
    assert answers_normally(site)
    before = memory_mb(site)
    targets = (gateway_target(site), worker_target(site))
    slow = [SlowLoris(target, kind, SLOW_PATIENCE_SECONDS) for target in targets for kind in ("head", "nothing")]
    for each in slow:
        each.start()
    table: Table = {}
    attack(site, table)
    send_strings(site, table, everywhere=False)
    for each in slow:
        each.join()
    assert faults_of(table.values()) == []
    assert [each.kind for each in slow if each.never_closed] == []
    grown = {name: size - before[name] for name, size in memory_mb(site).items()}
    assert all(each < GROWTH_MAX_MB for each in grown.values()), grown
    assert answers_normally(site)
    for service in (site.gateway, site.worker):
        assert "Traceback" not in service.log.read_text()


def test_every_answer_of_the_gateway_is_as_declared(site: Stack) -> None:
    document = f"{site.gateway.url}/api/openapi.json"
    assert_declared(examine(document, gateway_askers(site), cases=GATEWAY_CASES, seed=SEED), cases=GATEWAY_CASES)


def test_every_answer_of_the_worker_is_as_declared(site: Stack) -> None:
    document = f"{site.worker.url}/openapi.json"
    assert_declared(examine(document, worker_askers(), cases=WORKER_CASES, seed=SEED), cases=WORKER_CASES)
