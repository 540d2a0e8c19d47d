"""Starts Lamla: migrates, runs the services of the Procfile together, and prints the address when they are ready."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import ConfigurationError
from scripts.paths import ROOT
from scripts.services import Plan, ensure_ports, make_plan
from scripts.steps import Stop, cause_of, say
from scripts.supervisor import Supervisor
from scripts.system_packages import ensure_openmp

RELEASE_WAIT_S = 300

EMBEDDED_NOTE = (
    "Running on the small built-in model: good for trying Lamla and for finding things in your files, often wrong on "
    "facts. For real tutoring put a provider's key, or LOCAL_LLM_BASE_URL, into .env."
)


def start(procfile: Path) -> None:
    """Run everything until Ctrl-C or SIGTERM. Raises: Stop, ConfigurationError."""
    plan = make_plan(procfile.read_text())
    ensure_ports(plan.services)
    if plan.embedded_model:
        ensure_openmp()
    release(plan, directory=procfile.parent)
    Supervisor(plan.services, plan.variables, directory=str(procfile.parent)).run(on_ready=lambda: announce(plan))
    say("Lamla has stopped.")


def release(plan: Plan, *, directory: Path) -> None:
    """Bring the database up to date. Raises: Stop with what to do when that fails."""
    done = subprocess.run(  # noqa: S602  a shell line, as all of the Procfile
        plan.release,
        shell=True,
        cwd=directory,
        env=plan.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RELEASE_WAIT_S,
    )
    if done.returncode:
        output = done.stdout + done.stderr
        print(output, file=sys.stderr)
        raise Stop(cause_of(output, otherwise="The database could not be brought up to date: the lines above say why."))


def announce(plan: Plan) -> None:
    port = plan.variables["GATEWAY_PORT"]
    say(f"\nLamla is ready: http://localhost:{port}  (Ctrl-C stops it)")
    if plan.embedded_model:
        say(EMBEDDED_NOTE)
    if plan.without_embeddings:
        say(f"Files are searched by their words alone. {plan.without_embeddings}")


def main(arguments: Sequence[str]) -> int:
    """Run the Procfile that `arguments` name, by default the repository's; a foreseen failure is one sentence."""
    try:
        start(Path(arguments[0]).resolve() if arguments else ROOT / "Procfile")
    except (Stop, ConfigurationError) as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
