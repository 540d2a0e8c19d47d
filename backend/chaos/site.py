"""The processes that a chunk of rounds runs on: two providers, the worker, gateways, the database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from canaries import KEY
from chaos.database import Database
from chaos.options import Options
from fake_provider.testing import FakeProcess, fake_provider_process
from tests.postgres import Postgres, running_postgres
from tests.stack import SOON_CLOSED, Service, Stack, running_stack


@dataclass
class Site:
    """`providers`: the worker asks the first one, and goes on with the second when that fails."""

    stack: Stack
    providers: list[FakeProcess]
    database: Database
    postgres: Postgres | None
    workers: int

    @property
    def services(self) -> list[Service]:
        return [*self.stack.gateways, self.stack.worker]

    @property
    def gateway_urls(self) -> list[str]:
        return [gateway.url for gateway in self.stack.gateways]

    def forget_requests(self) -> None:
        """Before a round: what the providers were asked in earlier ones."""
        for provider in self.providers:
            provider.clear_log()

    def revive(self) -> None:
        """After a round: start what a fault has left dead, and wait until all are healthy."""
        for service in self.services:
            if not service.runs:
                service.start(wait=False)
        for service in self.services:
            service.wait_until_healthy()

    def dead(self) -> list[str]:
        """Names of the services that do not run."""
        return [service.name for service in self.services if not service.runs]


@contextmanager
def running_site(folder: Path, options: Options) -> Iterator[Site]:
    """Start all of it on free ports with an empty database, and end it with the block."""
    with ExitStack() as running:
        postgres = running.enter_context(running_postgres()) if options.database == "postgres" else None
        second = running.enter_context(
            fake_provider_process("--requests", str(folder / "second-requests.jsonl"), *SOON_CLOSED)
        )
        stack = running.enter_context(
            running_stack(
                folder,
                gateways=options.gateways,
                workers=options.workers,
                database_url=postgres.url if postgres else "",
                # All visitors come from one address, whose quota as guests they would use up.
                gateway={"GENERATION_LEASE_SECONDS": str(options.lease_s), "QUOTA_GUEST_TOKENS_PER_DAY": "0"},
                worker={
                    "LLM_PROVIDERS": "local,deepseek",
                    "DEEPSEEK_API_KEY": KEY,
                    "DEEPSEEK_BASE_URL": second.url_of("deepseek"),
                },
            )
        )
        database = Database(url=postgres.url) if postgres else Database(file=folder / "lamla.sqlite3")
        yield Site(
            stack=stack,
            providers=[stack.provider, second],
            database=database,
            postgres=postgres,
            workers=options.workers,
        )
