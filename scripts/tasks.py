"""The commands of the Makefile. Standard library only: nothing is installed yet when this runs."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from scripts.dotenv_file import write_once
from scripts.foreground import foreground
from scripts.locks import make_locks
from scripts.paths import BACKEND, FRONTEND, LOGS, ROOT, VENV, VENV_BIN, VENV_PYTHON
from scripts.programs import PROGRAMS
from scripts.python_packages import install_development, install_runtime
from scripts.steps import DISK_FULL, Stop, ending, running, say
from scripts.system_packages import ensure_browser, ensure_ocr, ensure_openmp, find_browser, offer_ocr
from scripts.user_interface import DIST, build_ui, install_ui_packages, node_environment

INTERRUPTED = 130
PROCESS_TESTS = "backend/tests"
POSTGRES_TESTS = "backend/tests/test_on_postgres.py"  # minutes of their own, beside the rest of those

# Enough for the settings to load; never the developer's own .env, so that a check says the same everywhere.
CHECK_ENVIRONMENT = {
    "LAMLA_ENV_FILE": os.devnull,
    "SECRET_KEY": "for-checks-only",
    "FASTAPI_SECRET": "for-checks-only",
    "PYTHONPATH": str(BACKEND),
    "MYPYPATH": str(BACKEND),
}

# As an operator would have it, so that Django's own check of a deployment speaks of ours.
PRODUCTION_ENVIRONMENT = {
    **CHECK_ENVIRONMENT,
    "PUBLIC_URL": "https://lamla.example",
    "SECRET_KEY": "for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
}


def run() -> int:
    """Everything that a first start needs, then the supervisor in place of this process."""
    install_runtime()
    offer_ocr()
    build_ui()
    if write_once(ROOT / ".env", ROOT / ".env.example"):
        say("Wrote .env with fresh secrets; keys of model providers go there.")
    os.environ["PYTHONPATH"] = str(BACKEND)
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "scripts.run"])  # noqa: S606  our own interpreter, no shell


def install() -> int:
    install_development()
    install_ui_packages(node_environment())
    return 0


def test() -> int:
    """All of it. Tests with real processes and browsers often wait for those, so the four parts run side by side."""
    prepare_backend_tests()
    install_ui_packages(node_environment())
    with beside("test-browser") as browser, beside("test-waits") as waits, beside("test-else") as others:
        codes = {"tests with real processes": process_tests("not browser and not waits and not long")}
        codes["tests that wait, above"] = waits.wait()
        codes |= {"tests in a browser, above": browser.wait(), "all else, above": others.wait()}
    return report(codes)


@contextlib.contextmanager
def beside(command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another of these commands, running; what it has printed is shown once it has ended."""
    with tempfile.TemporaryFile("w+") as output:
        arguments: list[str | Path] = [VENV_PYTHON, "-m", "scripts.tasks", command]
        with running(arguments, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT) as process:
            yield process
        output.seek(0)
        say(output.read())


def test_browser() -> int:
    """The part of `make test` that drives a browser."""
    return report({"tests in a browser": process_tests("browser and not long")})


def test_waits() -> int:
    """The part of `make test` that mostly waits: for kills, restarts, files that are read, and Postgres."""
    return report({"tests that wait": process_tests("waits and not long"), "tests on Postgres": pytest(POSTGRES_TESTS)})


def process_tests(marks: str) -> int:
    return pytest(PROCESS_TESTS, f"--ignore={POSTGRES_TESTS}", "-m", marks)


def test_else() -> int:
    """The part of `make test` that starts no service."""
    return report({"pytest": pytest(f"--ignore={PROCESS_TESTS}"), **frontend_tests(), **checks()})


def test_backend() -> int:
    prepare_backend_tests()
    return report({"pytest": pytest()})


def test_frontend() -> int:
    return report(frontend_tests())


def check() -> int:
    return report(checks())


def prepare_backend_tests() -> None:
    install_development()
    ensure_browser()
    ensure_openmp()
    ensure_ocr()
    build_ui()


def pytest(*arguments: str) -> int:
    env = {"CHROMIUM": find_browser() or "", "PATH": f"{VENV_BIN}{os.pathsep}{os.environ['PATH']}"}
    return foreground([VENV_PYTHON, "-m", "pytest", *arguments], env=env)


def frontend_tests() -> dict[str, int]:
    env = node_environment()
    install_ui_packages(env)
    return {"npm test": foreground(["npm", "test"], cwd=FRONTEND, env=env)}


def checks() -> dict[str, int]:
    """Exit codes by name: all checks run, so that one call shows everything there is to mend."""
    install_development()
    env = node_environment()
    install_ui_packages(env)
    python: dict[str, Sequence[str | Path]] = {
        "ruff check": [VENV_BIN / "ruff", "check", "."],
        "ruff format": [VENV_BIN / "ruff", "format", "--check", "."],
        "mypy": [VENV_BIN / "mypy", "backend", "scripts"],
        "import rules": [VENV_BIN / "lint-imports"],
        "migrations": [VENV_PYTHON, "backend/manage.py", "makemigrations", "--check", "--dry-run"],
    }
    codes = {name: foreground(command, env=CHECK_ENVIRONMENT) for name, command in python.items()}
    deploy: list[str | Path] = [VENV_PYTHON, "backend/manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    codes["deployment"] = foreground(deploy, env=PRODUCTION_ENVIRONMENT)
    return {**codes, "npm run check": foreground(["npm", "run", "check"], cwd=FRONTEND, env=env)}


def report(codes: Mapping[str, int]) -> int:
    failed = [name for name, code in codes.items() if code]
    say(f"Failed: {', '.join(failed)}." if failed else f"All passed: {', '.join(codes)}.")
    return 1 if failed else 0


def long() -> int:
    """The tests that take minutes."""
    install_development()
    return foreground([VENV_PYTHON, "-m", "pytest", "-m", "long"])


def build() -> int:
    install_runtime()
    build_ui()
    return 0


def lock() -> int:
    make_locks()
    return 0


def clean() -> int:
    for folder in (VENV, FRONTEND / "node_modules", DIST, LOGS, *ROOT.glob(".*_cache"), ROOT / ".hypothesis"):
        shutil.rmtree(folder, ignore_errors=True)
    say("Removed what was installed or built; .env and your data are kept.")
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run,
    "install": install,
    "test": test,
    "test-backend": test_backend,
    "test-frontend": test_frontend,
    "test-browser": test_browser,
    "test-waits": test_waits,
    "test-else": test_else,
    "check": check,
    **PROGRAMS,
    "long": long,
    "build": build,
    "lock": lock,
    "clean": clean,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command by its name; every failure that is foreseen ends as one sentence and exit code 1."""
    signal.signal(signal.SIGTERM, ending)
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"Commands: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]]()
    except Stop as reason:
        print(reason, file=sys.stderr)
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(DISK_FULL, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on from here.", file=sys.stderr)
        return INTERRUPTED
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
