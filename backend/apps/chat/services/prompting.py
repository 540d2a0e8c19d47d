"""Gathering what a prompt is built from, and building it: two units of work, since files may have to be waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.chat import tree
from apps.chat.file_reports import report_of
from apps.chat.models import Message, Role
from apps.chat.notices import Notice
from apps.chat.pictures import Shown, picture_notices
from apps.chat.prompts import BuiltPrompt, Files, Turn, prompt_build
from apps.documents.models import Document, DocumentState, Kind
from apps.documents.retrieval.retrieve import retrieve
from apps.documents.retrieval.selection import Selection
from apps.documents.retrieval.vectors import QueryVector

HISTORY_MAX_MESSAGES = 400  # read per prompt: more than any budget holds, and the same cost at any length
NOTHING_SHOWN = Shown()
SETTLED = (DocumentState.READY, DocumentState.FAILED)
STILL_READING = Notice(
    "documents_unfinished", "Some files are still being read; the answer rests on what was read so far."
)


@dataclass(frozen=True)
class Gathered:
    """Of a committed prompt: its branch and the documents that it is asked about."""

    question: str
    history: Sequence[Turn]
    documents: Sequence[Document]
    own: Sequence[Document] = ()  # of them, those that came with the prompt itself
    pictures: Sequence[Document] = ()  # images of its branch: its own, then those of former prompts, newest first

    @property
    def unsettled(self) -> list[Document]:
        """Those that are still being read."""
        return [document for document in self.documents if document.state not in SETTLED]

    def is_whole(self, budget_tokens: int) -> bool:
        """Whether all of its documents surely go in, so that nothing has to be looked for."""
        return sum(document.passage_tokens for document in self.documents) * 2 <= budget_tokens

    @property
    def failed(self) -> list[Document]:
        """Those of the prompt itself that could not be read."""
        return [document for document in self.own if document.state == DocumentState.FAILED]


def prompt_gather(*, user_message_id: UUID) -> Gathered:
    """Read what a committed user message is asked about: what came with its branch, and what its course has ready."""
    prompt = Message.objects.select_related("conversation").get(pk=user_message_id)
    branch = tree.branch(leaf_id=prompt.parent_id, limit=HISTORY_MAX_MESSAGES)
    of_branch = tree.branch_documents(prompt)
    named = {UUID(part["document_id"]) for part in prompt.parts if part["type"] == "file"}
    own = [document for document in of_branch if document.pk in named]
    former = [document for document in of_branch if document.pk not in named]
    documents = {document.pk: document for document in of_branch}
    if course_id := prompt.conversation.course_id:
        of_course = Document.objects.filter(user=prompt.user_id, course=course_id, state=DocumentState.READY)
        for document in of_course.order_by("created_at", "pk"):
            documents.setdefault(document.pk, document)
    pictures = [each for each in (*own, *reversed(former)) if _is_picture(each)]
    return Gathered(prompt.text, turns_of(branch), list(documents.values()), own, pictures)


def _is_picture(document: Document) -> bool:
    return document.kind == Kind.IMAGE and document.state != DocumentState.FAILED


def prompt_make(
    gathered: Gathered, *, query_vector: QueryVector | None, budget_tokens: int, shown: Shown = NOTHING_SHOWN
) -> BuiltPrompt:
    """Build the prompt, with the passages of its documents that it needs, and the pictures that are `shown`."""
    documents, numbers = gathered.documents, shown.numbers
    reports = [report_of(document, pictures=numbers.get(document.pk, ())) for document in documents]

    def select(tokens: int) -> Selection:
        return retrieve(
            documents=documents, question=gathered.question, query_vector=query_vector, budget_tokens=tokens
        )

    return prompt_build(
        question=gathered.question,
        history=gathered.history,
        files=Files(reports, select) if documents else None,
        budget_tokens=budget_tokens,
        notices=[
            *([STILL_READING] if gathered.unsettled else []),
            *([_failed(gathered.failed)] if gathered.failed else []),
            *picture_notices(shown),
        ],
        pictures=shown.pictures,
    )


def _failed(documents: Sequence[Document]) -> Notice:
    told = [
        (document.problem or {}).get("detail", f"“{document.filename}” could not be read.") for document in documents
    ]
    return Notice("document_failed", " ".join(told))


def turns_of(branch: list[Message]) -> list[Turn]:
    """Alternating turns: a question without any answer is left out, since chat templates refuse two in a row."""
    turns: list[Turn] = []
    for message in branch:
        if message.role == Role.USER:
            if turns and turns[-1].role == Role.USER:
                turns.pop()
            turns.append(Turn(Role.USER, message.text))
        elif message.text and turns:
            turns.append(Turn(Role.ASSISTANT, message.text))
    if turns and turns[-1].role == Role.USER:
        turns.pop()
    return turns
