"""Pictures that come with a prompt: who can see them, and what the student is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.chat.notices import Notice
from apps.documents.models import Document, DocumentState

PICTURES_MAX = 5  # of a prompt; as many as the worker takes
PICTURE_TOKENS = 1_000  # as the worker reckons
NAMED_MAX = 5  # of the pictures that are not shown, in a notice
MEDIA_TYPE = "image/jpeg"
BLIND = "the model that answers cannot see pictures"
NO_ANSWER = "the models that see pictures did not answer"
TOO_MANY = f"at most {PICTURES_MAX} pictures are shown to a model at once"
NO_ROOM = "the prompt had no more room for pictures"
NOT_KEPT = "the picture itself is not kept here, only what was read of it"
NOT_DRAWN = "it could not be made into a picture for the model"


@dataclass(frozen=True)
class Picture:
    """One picture of a document, as a model gets it."""

    document_id: UUID
    filename: str
    jpeg: bytes


@dataclass(frozen=True)
class Shown:
    """The pictures that go to the model, in order, and the documents whose do not, each with the reason."""

    pictures: tuple[Picture, ...] = ()
    hidden: tuple[tuple[Document, str], ...] = ()

    @property
    def numbers(self) -> dict[UUID, list[int]]:
        """Which pictures are of which document; they are numbered from 1."""
        found: dict[UUID, list[int]] = {}
        for number, picture in enumerate(self.pictures, 1):
            found.setdefault(picture.document_id, []).append(number)
        return found


def can_see(models: dict[str, Any], *, provider: str) -> bool:
    """Whether a picture may go to who answers: to the provider that was chosen, or to any that is not left alone.

    A picture goes to no other than the one that was chosen. Any: what the worker says of its providers.
    """
    return any(
        entry["abilities"]["images"] and (entry["name"] == provider if provider else entry["state"] != "open")
        for entry in models.get("providers", [])
    )


def blind_can_answer(models: dict[str, Any], *, provider: str) -> bool:
    """Whether somebody who does not see could answer instead, where the choice is free. Any: as above."""
    return not provider and any(not entry["abilities"]["images"] for entry in models.get("providers", []))


def picture_notices(shown: Shown) -> list[Notice]:
    """At most one for those that were seen, and one for the others."""
    names = list(dict.fromkeys(f"“{picture.filename}”" for picture in shown.pictures))
    told = []
    if names:
        told.append(
            Notice("image_seen", f"Shown to the model as {_pictures(len(shown.pictures))}: {', '.join(names)}.")
        )
    if shown.hidden:
        said = [_hidden(document, why) for document, why in shown.hidden[:NAMED_MAX]]
        more = len(shown.hidden) - len(said)
        said += [f"So it is with {more} more of this conversation."] if more else []
        told.append(Notice("image_by_ocr", " ".join(said)))
    return told


def _pictures(count: int) -> str:
    return "a picture" if count == 1 else f"{count} pictures"


def _hidden(document: Document, why: str) -> str:
    name = document.filename
    if has_text(document):
        return f"“{name}” went to the model as the text that OCR read in it, since {why}: words may be wrong."
    if document.state != DocumentState.READY:
        return f"“{name}” could not be used yet: it is still being read, and {why}."
    said = " ".join(document.notes)
    return f"The answer knows nothing of “{name}”: {why}, and no text was found in it.{' ' * bool(said)}{said}"


def has_text(document: Document) -> bool:
    """Whether anything was read in it."""
    return document.character_count > 0


def message_parts(text: str, pictures: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The content of a message with pictures, as the worker takes it; `pictures` are pairs of media type and base64."""
    images = [{"type": "image", "media_type": media_type, "data": data} for media_type, data in pictures]
    return [{"type": "text", "text": text}, *images]
