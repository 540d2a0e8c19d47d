"""What `make run` starts: the services of the Procfile, their ports, and the variables that join them."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass

from honcho.environ import parse_procfile  # type: ignore[import-untyped]  # honcho ships no types

from embedding_model.engine import why_unusable
from environment import Environment
from fastapi_service.core.config import load_settings
from fastapi_service.providers.registry import chain_settings
from listening import listen_error
from scripts.paths import VENV, VENV_BIN
from scripts.steps import Stop

LOOPBACK = "127.0.0.1"
RELEASE = "release"
HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Service:
    """One line of the Procfile and where it listens. One that is not essential is missed by nobody for a while."""

    name: str
    command: str
    host: str
    port: int
    port_variable: str
    health_path: str
    essential: bool = True


@dataclass(frozen=True)
class Plan:
    """What to run: `release` to its end first, then all `services` at once, each under `variables`.

    `without_embeddings`: why the search by meaning is missing, where that was not chosen.
    """

    release: str
    services: list[Service]
    variables: dict[str, str]
    embedded_model: bool
    without_embeddings: str = ""


def make_plan(procfile: str, process: Mapping[str, str] = os.environ) -> Plan:
    """Choose services and variables from .env and `process`, which the services inherit and which wins.

    Raises: Stop or ConfigurationError, for a setting that cannot work.
    """
    environment = Environment.load(process)
    worker = load_settings(environment)
    chain = chain_settings(worker)  # the worker's own rule of what it will ask
    embedded = any(provider.embedded for provider in chain)
    # Where another server is named, or none is wanted, there is nothing to start.
    own_embeddings = worker.embeddings is not None and not environment.text("EMBEDDINGS_BASE_URL")
    without_embeddings = why_unusable() if own_embeddings else ""
    left_out = {
        *([] if embedded else ["local-model"]),
        *([] if own_embeddings and not without_embeddings else ["embeddings"]),
    }
    commands: dict[str, str] = dict(parse_procfile(procfile).processes)
    services = _services(commands, environment, worker_host=worker.host, left_out=left_out)
    variables = {
        **process,
        **{service.port_variable: str(service.port) for service in services},
        "GATEWAY_HOST": services[-1].host,
        # The worker that is started here, also where only its port was changed.
        "FASTAPI_BASE_URL": _url(worker.host, worker.port),
        # The commands of the Procfile find python and uvicorn of .venv first, and speak without a delay.
        "VIRTUAL_ENV": str(VENV),
        "PATH": f"{VENV_BIN}{os.pathsep}{process.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    if embedded:
        variables["LOCAL_LLM_EMBEDDED"] = "true"
    if without_embeddings:
        variables["EMBEDDINGS"] = "off"
    if all(provider.embedded for provider in chain) and not process.get("FASTAPI_WORKERS"):
        # More processes would only queue for the same model, each with its own memory.
        variables["FASTAPI_WORKERS"] = "1"
    return Plan(commands[RELEASE], services, variables, embedded, without_embeddings)


def _services(
    commands: Mapping[str, str], environment: Environment, *, worker_host: str, left_out: set[str]
) -> list[Service]:
    """In the order in which their output is named; the gateway is the last, which the supervisor ends first."""
    model_host = environment.text("LOCAL_LLM_HOST", LOOPBACK)
    embeddings_host = environment.text("EMBEDDINGS_HOST", LOOPBACK)
    gateway_host = environment.text("GATEWAY_HOST", LOOPBACK)
    candidates = [
        ("local-model", model_host, "LOCAL_LLM_PORT", 8002, "/health"),
        ("embeddings", embeddings_host, "EMBEDDINGS_PORT", 8003, "/health"),
        ("worker", worker_host, "FASTAPI_PORT", 8001, "/health"),
        ("gateway", gateway_host, "GATEWAY_PORT", 8000, "/health/ready"),
    ]
    return [
        Service(
            name,
            commands[name],
            host,
            _port(environment, variable, default),
            variable,
            health_path,
            essential=name != "embeddings",
        )
        for name, host, variable, default, health_path in candidates
        if name not in left_out
    ]


def connect_host(host: str) -> str:
    """The address at which a service that listens on `host` is reached from this machine."""
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104  a comparison, nothing is bound here


def _url(host: str, port: int) -> str:
    host = connect_host(host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _port(environment: Environment, name: str, default: int) -> int:
    port = environment.integer(name, default, at_least=1)
    if port > HIGHEST_PORT:
        raise Stop(f"{name} is {port}; write a port from 1 to {HIGHEST_PORT}.")
    return port


def ensure_ports(services: list[Service]) -> None:
    """Raises: Stop when a port is used twice, taken, or not ours to use."""
    seen: dict[int, str] = {}
    for service in services:
        if other := seen.get(service.port):
            raise Stop(
                f"{other} and {service.port_variable} are both {service.port}; give each a port of its own in .env."
            )
        seen[service.port] = service.port_variable
        _ensure_port(service)


def _ensure_port(service: Service) -> None:
    if problem := listen_error(service.host, service.port):
        raise Stop(_port_sentence(service, problem)) from problem


def _port_sentence(service: Service, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {service.port} ({service.port_variable}) is taken by another program, perhaps another Lamla: "
            f"stop that one, or give {service.port_variable} another value in .env."
        )
    return (
        f"The {service.name} cannot listen on {service.host}:{service.port} ({problem.strerror}): "
        f"give {service.port_variable} another value in .env."
    )
