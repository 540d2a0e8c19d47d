"""Starting from the specification's own variables, and refusing to start with a sentence that helps."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.specification import ENV_BLOCK
from tests.stack import BACKEND, clean_environment, free_port, gateway_service, migrate, wait_until, worker_service

pytestmark = pytest.mark.waits


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    file = tmp_path / "specified.env"
    file.write_text(ENV_BLOCK)
    return file


def test_both_services_start_from_the_specifications_block(tmp_path: Path, env_file: Path) -> None:
    # Only what the tests must have of their own stands in the environment: free ports and a folder for data.
    specified = {"LAMLA_ENV_FILE": str(env_file)}
    worker = worker_service(tmp_path, specified)
    gateway = gateway_service(tmp_path, worker_url=worker.url, settings=specified)
    for service in (worker, gateway):
        service.env.pop("FASTAPI_SECRET")
    gateway.env.pop("SECRET_KEY")
    migrate(gateway)
    for service in (worker, gateway):
        service.start(wait=False)
    try:
        for service in (worker, gateway):
            wait_until(service.is_healthy, what=f"{service.name} is healthy")
    finally:
        codes = [service.end() for service in (gateway, worker)]
    assert all(code in {0, -15} for code in codes)
    assert "sample" in worker.log.read_text() + gateway.log.read_text()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"FASTAPI_SECRET": ""}, "FASTAPI_SECRET is not set"),
        ({"FASTAPI_SECRET": "your-secret-key-here", "PUBLIC_URL": "https://lamla.example"}, "sample value"),
        ({"FASTAPI_SECRET": "your-secret-key-here", "FASTAPI_BASE_URL": "http://10.0.0.7:8001"}, "sample value"),
        ({"SECRET_KEY": "...", "PUBLIC_URL": "https://lamla.example"}, "SECRET_KEY is not set"),
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'"),
        ({"CHAT_MESSAGE_MAX_CHARS": "many"}, "CHAT_MESSAGE_MAX_CHARS is 'many'"),
        ({"PUBLIC_URL": "lamla"}, "PUBLIC_URL is 'lamla'"),
    ],
    ids=[
        "no secret",
        "sample secret in public",
        "sample secret, far worker",
        "no key in public",
        "flag",
        "number",
        "url",
    ],
)
@pytest.mark.parametrize("command", [["-m", "uvicorn", "lamla.asgi:application"], ["manage.py", "migrate"]])
def test_the_gateway_refuses_to_start(
    tmp_path: Path, command: list[str], settings: dict[str, str], sentence: str
) -> None:
    base = {"FASTAPI_SECRET": "s", "SECRET_KEY": "k", "DATA_DIR": str(tmp_path), **settings}
    port = ["--port", str(free_port())] if "uvicorn" in command else []
    ended = subprocess.run(
        [sys.executable, *command, *port],
        cwd=BACKEND,
        env=clean_environment(tmp_path, base),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
