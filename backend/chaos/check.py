"""Whether a round kept every promise: pure, so that tests can feed it what must be found.

Nothing here quotes a prompt or an answer: what it says is printed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from chaos.evidence import PromptEvidence, RoundEvidence, StoredGeneration, StoredMessage

LIVE = frozenset({"pending", "running"})
WHOLE_ENDS = frozenset({"finish", "saved"})


class Promise(StrEnum):
    """What can be broken; the value is how the totals name it."""

    PROMPT_LOST = "prompts lost"
    TOKEN_LOST = "tokens lost"  # noqa: S105  of a model
    TOKEN_DOUBLED = "tokens doubled"  # noqa: S105
    TEXT_WRONG = "texts wrong otherwise"
    MESSAGE_DOUBLED = "messages doubled"
    STUCK = "generations stuck"
    STATE_UNTRUE = "states untrue"
    FAILED = "answers failed"
    READER_DIFFERS = "readers that show something else"
    READER_UNFINISHED = "readers without an end"
    CONTINUED_FALSELY = "continued from what is no prefix"
    NOT_CLOSED = "requests or sockets not closed"
    ACCIDENT = "processes that ended or hung by themselves"


@dataclass(frozen=True)
class Violation:
    promise: Promise
    prompt: str  # its name, "" for the round
    what: str
    count: int = 1


def violations_of(evidence: RoundEvidence) -> list[Violation]:
    """All that is wrong with a round, prompt by prompt."""
    found = [violation for prompt in evidence.prompts for violation in _of_prompt(prompt, owners=evidence.owners)]
    if evidence.unclosed:
        found.append(Violation(Promise.NOT_CLOSED, "", f"{evidence.unclosed} at the providers", evidence.unclosed))
    return found + [Violation(Promise.ACCIDENT, "", accident) for accident in evidence.accidents]


def _of_prompt(prompt: PromptEvidence, *, owners: set[str]) -> Iterator[Violation]:
    for promise, what, count in (
        *_stored(prompt),
        *_generations(prompt, owners=owners),
        *_branch(prompt),
        *_screens(prompt),
        *_glances(prompt),
        *_continuations(prompt),
    ):
        yield Violation(promise, prompt.name, what, count)


Finding = tuple[Promise, str, int]


def _stored(prompt: PromptEvidence) -> Iterator[Finding]:
    """Exactly one question and one whole answer under it."""
    asked = [message for message in prompt.messages if message.role == "user"]
    answers = [message for message in prompt.messages if message.role == "assistant"]
    if not asked:
        yield Promise.PROMPT_LOST, "no user message is stored", 1
        return
    if len(asked) > 1 or prompt.conversations > 1:
        doubled = max(len(asked), prompt.conversations) - 1
        yield Promise.MESSAGE_DOUBLED, f"{len(asked)} prompts in {prompt.conversations} conversations", doubled
    if len(answers) > 1:
        yield Promise.MESSAGE_DOUBLED, f"{len(answers)} answers: {_states(answers)}", len(answers) - 1
    for answer in answers:
        if answer.parent_id not in {message.id for message in asked}:
            yield Promise.STATE_UNTRUE, "an answer stands under no prompt", 1
        yield from _answer(answer, prompt.answer)
    if not answers:
        yield Promise.STATE_UNTRUE, "no answer is stored", 1


def _answer(answer: StoredMessage, expected: str) -> Iterator[Finding]:
    if answer.state == "complete":
        yield from compare(answer.text, expected, where="the saved answer")
    elif answer.state == "failed":
        yield Promise.FAILED, f"it failed: {answer.error_code or 'without a code'}", 1
    else:
        yield Promise.STATE_UNTRUE, f"the answer is {answer.state}, and nobody stopped it", 1


def compare(text: str, expected: str, *, where: str) -> Iterator[Finding]:
    """What is lost, doubled or otherwise wrong in numbered tokens."""
    if text == expected:
        return
    found, wanted = Counter(text.split()), Counter(expected.split())
    lost, more = wanted - found, found - wanted
    doubled = Counter({token: count for token, count in more.items() if token in wanted})
    equal = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(text, expected, strict=False))))
    at = f"{where} differs from character {equal} of {len(expected)} on"
    if lost:
        yield Promise.TOKEN_LOST, f"{at}: {lost.total()} tokens are missing", lost.total()
    if doubled:
        yield Promise.TOKEN_DOUBLED, f"{at}: {doubled.total()} tokens are there twice", doubled.total()
    if not lost and not doubled:
        yield Promise.TEXT_WRONG, f"{at}: {more.total()} foreign tokens, or another order", 1


def _generations(prompt: PromptEvidence, *, owners: set[str]) -> Iterator[Finding]:
    for generation in prompt.generations:
        if generation.state in LIVE:
            owned = "owned" if generation.owner in owners else "owned by nobody"
            yield Promise.STUCK, f"still {generation.state} in epoch {generation.epoch}, {owned}", 1
    if len(prompt.generations) > 1:
        yield Promise.MESSAGE_DOUBLED, f"{len(prompt.generations)} generations: {_states(prompt.generations)}", 1
    stored = Counter(message.state for message in prompt.messages if message.role == "assistant")
    ended = Counter(generation.state for generation in prompt.generations if generation.state not in LIVE)
    if stored != ended:
        yield Promise.STATE_UNTRUE, f"generations ended as {dict(ended)}, answers are {dict(stored)}", 1


def _branch(prompt: PromptEvidence) -> Iterator[Finding]:
    """The active branch, as the API gives it after the round."""
    if prompt.running_at_end:
        yield Promise.STATE_UNTRUE, "the conversation still says that an answer is being written", 1
    roles = [message.role for message in prompt.branch]
    if prompt.messages and roles != ["user", "assistant"]:
        yield Promise.STATE_UNTRUE, f"the active branch is {roles}", 1
    texts = {message.id: message.text for message in prompt.messages}
    if any(texts.get(message.id, message.text) != message.text for message in prompt.branch):
        yield Promise.STATE_UNTRUE, "the API gives another text than is stored", 1


def _screens(prompt: PromptEvidence) -> Iterator[Finding]:
    """What each reader shows is what was saved, byte for byte."""
    saved = [message.text for message in prompt.messages if message.role == "assistant"]
    for screen in prompt.screens:
        if not screen.ended:
            yield Promise.READER_UNFINISHED, f"{screen.who} never came to an end", 1
        elif screen.ended not in WHOLE_ENDS:
            yield Promise.FAILED, f"{screen.who} was told: {screen.ended}", 1
        elif screen.text.encode() not in [text.encode() for text in saved]:
            yield Promise.READER_DIFFERS, f"{screen.who} ({screen.ended}): {_difference(screen.text, saved)}", 1


def _glances(prompt: PromptEvidence) -> Iterator[Finding]:
    """At any moment an answer is either being written, or there with its final state."""
    for glance in prompt.glances:
        if glance.running and glance.answers:
            yield Promise.STATE_UNTRUE, f"while it ran, there was an answer: {_states(glance.answers)}", 1
        if not glance.running and not glance.answers:
            yield Promise.STATE_UNTRUE, "at one moment there was neither an answer nor one being written", 1
        for answer in glance.answers:
            if answer.state == "complete" and answer.text != prompt.answer:
                yield Promise.STATE_UNTRUE, "at one moment a complete answer was not whole", 1


def _continuations(prompt: PromptEvidence) -> Iterator[Finding]:
    for begun in prompt.continued_from:
        if not prompt.answer.startswith(begun):
            yield Promise.CONTINUED_FALSELY, f"the provider was to go on from {len(begun)} characters", 1


def _difference(text: str, saved: list[str]) -> str:
    return f"{len(text)} characters, saved are {[len(each) for each in saved]}"


def _states(rows: list[StoredMessage] | list[StoredGeneration]) -> str:
    return ", ".join(row.state for row in rows)
