"""What the student is told of how an answer came about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """One of each code at most in an answer: a later one takes the place of an earlier one."""

    code: str
    message: str
