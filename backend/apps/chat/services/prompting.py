"""Gathering what a prompt is built from: one unit of work."""

from uuid import UUID

from apps.chat import tree
from apps.chat.models import Message, Role
from apps.chat.prompts import BuiltPrompt, Turn, prompt_build
from apps.documents.selectors import document_passages

HISTORY_MAX_MESSAGES = 400  # read per prompt: more than any budget holds, and the same cost at any length


def prompt_prepare(*, user_message_id: UUID, budget_tokens: int) -> BuiltPrompt:
    """Build the prompt for a committed user message from its branch and the documents that came with it."""
    prompt = Message.objects.get(pk=user_message_id)
    branch = tree.branch(leaf_id=prompt.parent_id, limit=HISTORY_MAX_MESSAGES)
    documents = tree.branch_documents(prompt)
    return prompt_build(
        question=prompt.text,
        history=turns_of(branch),
        passages=document_passages(documents=documents) if documents else (),
        budget_tokens=budget_tokens,
    )


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
