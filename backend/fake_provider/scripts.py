"""Chooses the course of each answer: by a directive in the prompt, else by what a test has laid ready."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace

from fake_provider.conversation import Conversation
from fake_provider.directive import DIRECTIVE, Script, find_directive, read_directive
from fake_provider.log import Entry

Hook = Callable[[Entry], Script | None]


class Scripts:
    """A directive comes first, then `hook`, then the queued `answers`, then the defaults.

    An entry of `answers` is a text to answer with, or a directive in its brackets; each serves one request.
    """

    def __init__(self, defaults: Script) -> None:
        self.defaults = defaults
        self.answers: deque[str] = deque()
        self.hook: Hook | None = None
        self._requests: Counter[int] = Counter()

    def choose(self, entry: Entry, conversation: Conversation) -> Script:
        """The script for a request, whose directive is noted in its entry. Raises: DirectiveError."""
        entry.directive = find_directive(conversation.prompt)
        if entry.directive:
            return self._directed(entry, conversation.prompt)
        if self.hook and (script := self.hook(entry)):
            return script
        if self.answers:
            return self._queued(self.answers.popleft(), entry)
        return self.defaults

    def clear(self) -> None:
        """Forget the hook, the queue, and which requests came before."""
        self.hook = None
        self.answers.clear()
        self._requests.clear()

    def _directed(self, entry: Entry, prompt: str) -> Script:
        directive = read_directive(entry.directive)
        number = 0
        if directive.differs_by_request:
            key = hash((entry.provider, prompt))  # a prompt can be large
            number = self._requests[key]
            self._requests[key] += 1
        return directive.script(self.defaults, provider=entry.provider, number=number)

    def _queued(self, answer: str, entry: Entry) -> Script:
        if DIRECTIVE.fullmatch(answer):
            return read_directive(find_directive(answer)).script(self.defaults, provider=entry.provider, number=0)
        return replace(self.defaults, answer=answer)
