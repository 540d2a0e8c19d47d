"""The search over the whole suite's output (conftest.py) finds what it is there for."""

import pytest

from canaries import KEY, SECRET, leaks

LEAKS = [
    f'{{"message": "call failed", "authorization": "Bearer {KEY}"}}',
    f"X-Internal-Secret: {SECRET}",
    "asked: why is the sky blue? [[tokens=5 rate=0]]",
    "asked: hello [[deepseek.fault=cut]]",
    'said "t0 t1 "',
]


@pytest.mark.parametrize("line", LEAKS, ids=["key", "secret", "prompt", "prompt of one provider", "answer"])
def test_each_kind_is_found_in_the_middle_of_much_else(line: str) -> None:
    assert len(leaks(f"started\n{line}\nended")) == 1


def test_what_we_do_write_is_not_taken_for_it() -> None:
    assert leaks('{"message":"request","path":"/chatbot","tokens":12,"outcome":"ok","model":"t1"}') == []
