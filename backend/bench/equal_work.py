"""CPU time of right and wrong, known and unknown, by 200 samples each: `python -m bench.equal_work`.

What tests/test_equal_work.py counts, as a note in milliseconds: a difference well above the spread would tell a
stranger which e-mails have accounts. In one process and without a network, so that nothing else hides it.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("RATE_LIMITS", "off")

import django

django.setup()

from django.conf import settings  # noqa: E402  the apps must be loaded first
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment  # noqa: E402

from tests.equal_work import PAIRS, Stranger, make_known  # noqa: E402

SAMPLES = 200


def cpu_ms(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return (time.process_time() - begun) * 1000


def main() -> int:
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        make_known()
        print(f"CPU of {SAMPLES} samples each, in ms: median (interquartile range)")
        for name, (known, unknown) in PAIRS.items():
            # By turns, so that a slow moment falls on both.
            samples = [(cpu_ms(lambda: known(Stranger())), cpu_ms(lambda: unknown(Stranger()))) for _ in range(SAMPLES)]  # noqa: B023  called at once
            print(
                f"{name:32} known {spread([first for first, _ in samples])}  "
                f"unknown {spread([second for _, second in samples])}"
            )
    finally:
        runner.teardown_databases(databases)
        teardown_test_environment()
    return 0


def spread(samples: list[float]) -> str:
    low, middle, high = statistics.quantiles(samples, n=4)
    return f"{middle:6.1f} ({high - low:4.1f})"


if __name__ == "__main__":
    sys.exit(main())
