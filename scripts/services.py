"""What `make run` starts: the services of the Procfile, their ports, and the variables that join them."""

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from honcho.environ import parse_procfile  # type: ignore[import-untyped]  # honcho ships no types

from environment import Environment
from scripts.paths import VENV, VENV_BIN
from scripts.steps import Stop

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({"localhost", LOOPBACK, "::1"})
RELEASE = "release"
PROVIDER_KEYS = ("AZURE_OPENAI_API_KEY", "DEEPSEEK_API_KEY", "GEMINI_API_KEY", "HUGGINGFACE_API_KEY")
HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Service:
    """One line of the Procfile and where it listens."""

    name: str
    command: str
    host: str
    port: int
    port_variable: str
    health_path: str


@dataclass(frozen=True)
class Plan:
    """What to run: `release` to its end first, then all `services` at once, each under `variables`."""

    release: str
    services: list[Service]
    variables: dict[str, str]
    embedded_model: bool


def embedded_model_wanted(environment: Environment) -> bool:
    """Whether the built-in model is in the chain: nobody names another server, and it is chosen or all there is."""
    if environment.text("LOCAL_LLM_BASE_URL"):
        return False
    chosen = "local" in environment.items("LLM_PROVIDERS")
    return chosen or not any(environment.text(key) for key in PROVIDER_KEYS)


def port_of(environment: Environment, name: str, default: int) -> int:
    port = environment.integer(name, default, at_least=1)
    if port > HIGHEST_PORT:
        raise Stop(f"{name} is {port}; write a port from 1 to {HIGHEST_PORT}.")
    return port


def make_plan(procfile: str, environment: Environment, process: Mapping[str, str] = os.environ) -> Plan:
    """Choose services and variables; `process` is what the services inherit and what wins over .env.

    Raises: Stop for a port out of range, ConfigurationError for one that is no number.
    """
    commands: dict[str, str] = dict(parse_procfile(procfile).processes)
    gateway_host = environment.text("GATEWAY_HOST", LOOPBACK)
    candidates = [
        ("local-model", LOOPBACK, "LOCAL_LLM_PORT", 8002, "/health"),
        ("worker", LOOPBACK, "FASTAPI_PORT", 8001, "/health"),
        ("gateway", gateway_host, "GATEWAY_PORT", 8000, "/health/ready"),
    ]
    embedded = embedded_model_wanted(environment)
    services = [
        Service(name, commands[name], host, port_of(environment, variable, default), variable, health_path)
        for name, host, variable, default, health_path in candidates
        if embedded or name != "local-model"
    ]
    ports = {service.port_variable: service.port for service in services}
    return Plan(
        release=commands[RELEASE],
        services=services,
        variables={
            **process,
            **{name: str(port) for name, port in ports.items()},
            "GATEWAY_HOST": gateway_host,
            "FASTAPI_BASE_URL": _worker_url(environment, ports["FASTAPI_PORT"]),
            **_model_variables(environment, process, ports),
            # The commands of the Procfile find python and uvicorn of .venv first, and speak without a delay.
            "VIRTUAL_ENV": str(VENV),
            "PATH": f"{VENV_BIN}{os.pathsep}{process.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
        },
        embedded_model=embedded,
    )


def _worker_url(environment: Environment, port: int) -> str:
    """The worker that runs here, unless another machine's is named; the port of .env may have been changed alone."""
    named = environment.text("FASTAPI_BASE_URL")
    if named and urlsplit(named).hostname not in LOOPBACK_NAMES:
        return named
    return f"http://{LOOPBACK}:{port}"


def _model_variables(environment: Environment, process: Mapping[str, str], ports: Mapping[str, int]) -> dict[str, str]:
    if "LOCAL_LLM_PORT" not in ports:
        return {}
    found = {
        "LOCAL_LLM_EMBEDDED": "true",
        "LOCAL_LLM_BASE_URL": f"http://{LOOPBACK}:{ports['LOCAL_LLM_PORT']}/v1",
    }
    alone = not any(environment.text(key) for key in PROVIDER_KEYS)
    if alone and not process.get("FASTAPI_WORKERS"):
        # More processes would only queue for the same model, each with its own memory.
        found["FASTAPI_WORKERS"] = "1"
    return found


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
    family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do themselves: connections that have ended a moment ago do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((service.host, service.port))
        except OSError as problem:
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
