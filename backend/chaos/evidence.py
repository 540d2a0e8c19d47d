"""What is known of a round once it is over: what readers saw, what is stored, what the provider was asked."""

from dataclasses import dataclass, field


@dataclass
class Screen:
    """What one reader shows at the end. `ended`: "finish", "saved" (read from the conversation), a failure's code,
    or "" when it never came to an end."""

    who: str
    text: str
    ended: str


@dataclass
class StoredMessage:
    id: str
    parent_id: str | None
    role: str
    state: str
    text: str
    client_message_id: str | None
    error_code: str = ""


@dataclass
class StoredGeneration:
    id: str
    state: str
    epoch: int
    owner: str


@dataclass
class Glance:
    """The conversation as the API gave it at some moment, in mid-answer or later."""

    running: bool  # `generation` was there
    answers: list[StoredMessage]


@dataclass
class PromptEvidence:
    """All of one prompt. `branch` and `running_at_end` are what the API says after the round."""

    name: str
    answer: str  # as it must be
    conversations: int
    messages: list[StoredMessage]
    generations: list[StoredGeneration]
    branch: list[StoredMessage]
    running_at_end: bool
    screens: list[Screen]
    glances: list[Glance] = field(default_factory=list)
    continued_from: list[str] = field(default_factory=list)


@dataclass
class RoundEvidence:
    """`owners`: who holds a lease; `unclosed`: requests and sockets that the providers still have open."""

    prompts: list[PromptEvidence]
    owners: set[str]
    unclosed: int
    accidents: list[str] = field(default_factory=list)  # processes that ended unasked, or would not end
