"""Pictures of a prompt: which go to a model that sees, what goes in their place, and what is said of it."""

import io
from base64 import b64decode
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image

from apps.chat import pictures as module
from apps.chat.pictures import NO_ROOM, PICTURE_TOKENS, PICTURES_MAX, TOO_MANY, blind_can_answer, can_see
from apps.chat.prompts import BuiltPrompt
from apps.chat.services import showing
from apps.chat.services.preparing import prompt_prepare
from apps.chat.services.starting import Started
from apps.chat.tests.asking import ask, asked_next, codes
from apps.documents.models import Document, DocumentState
from apps.documents.storage import bytes_keep
from apps.documents.tests.library import Person, a_row, run, stored
from apps.documents.tests.sample_formats import picture_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]
OSMOSIS = "Osmosis moves water through the membrane."


def a_picture(person: Person, name: str = "board.png", *, text: str = OSMOSIS, content: bytes = b"") -> Document:
    """A photo that was read, with its bytes in the storage."""
    document = stored(person.user, [text] if text else [], filename=name)
    document.kind, document.media_type, document.stored_as = "image", "image/png", f"documents/{document.pk}"
    document.character_count, document.page_count = len(text), 1
    document.pages_ocr, document.pages_empty = (1, 0) if text else (0, 1)
    document.notes = [] if text else ["Picture 1 is a picture without words."]
    document.save()
    bytes_keep(document.stored_as, io.BytesIO(content or picture_file()))
    return document


async def prepared(started: Started, *, unseen: str = "", budget_tokens: int = 20_000) -> BuiltPrompt:
    return await prompt_prepare(
        user_message_id=started.user_message_id,
        budget_tokens=budget_tokens,
        request_id="r",
        unseen=unseen,
        tell=lambda notice: None,
    )


def images_of(built: BuiltPrompt) -> list[Image.Image]:
    """What the worker is sent beside the text of the last message."""
    content = built.sent()[-1]["content"]
    if isinstance(content, str):
        return []
    assert content[0] == {"type": "text", "text": built.messages[-1]["content"]}
    assert {part["media_type"] for part in content[1:]} <= {"image/jpeg"}
    return [Image.open(io.BytesIO(b64decode(part["data"]))) for part in content[1:]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pages that were drawn, by nothing that takes time."""
    pages: list[int] = []

    async def picture_for_model(*, content: Any, page: int) -> bytes:
        pages.append(page)
        return b"\xff\xd8\xff"

    monkeypatch.setattr(showing, "picture_for_model", picture_for_model)
    return pages


async def test_a_model_that_sees_gets_the_picture_and_the_student_is_told(person: Person) -> None:
    photo = await run(a_picture, person)
    built = await prepared(await run(ask, person, "What is this?", photo))
    (image,) = images_of(built)
    assert (image.format, image.size) == ("JPEG", (1400, 500))
    assert [(notice.code, "board.png" in notice.message) for notice in built.notices] == [("image_seen", True)]
    assert "| board.png: shown below as picture 1." in built.messages[-1]["content"]
    assert OSMOSIS in built.messages[-1]["content"]  # so that it can be cited


async def test_a_model_that_does_not_see_gets_the_text_and_the_student_is_told_so(person: Person) -> None:
    photo = await run(a_picture, person)
    built = await prepared(await run(ask, person, "What is this?", photo), unseen=module.BLIND)
    assert images_of(built) == []
    (notice,) = built.notices
    assert notice.code == "image_by_ocr"
    assert notice.message == (
        "“board.png” went to the model as the text that OCR read in it, since the model that answers cannot see "
        "pictures: words may be wrong."
    )
    assert OSMOSIS in built.messages[-1]["content"]
    assert "a picture that you do not see; what OCR read in it" in built.messages[-1]["content"]


async def test_a_picture_without_words_that_nobody_sees_is_told_as_unknown_and_why(person: Person) -> None:
    photo = await run(lambda: a_picture(person, text=""))
    built = await prepared(await run(ask, person, "What is this?", photo), unseen=module.BLIND)
    (notice,) = built.notices
    assert notice.code == "image_by_ocr"
    assert notice.message.startswith("The answer knows nothing of “board.png”: the model that answers cannot see")
    assert notice.message.endswith("Picture 1 is a picture without words.")
    assert "no text was found in it: you know nothing of it." in built.messages[-1]["content"]


async def test_more_pictures_than_a_model_is_shown_at_once_are_said(person: Person, drawn: list[int]) -> None:
    photos = [await run(a_picture, person, f"{n}.png", text=f"Photo {n} is here.") for n in range(PICTURES_MAX + 2)]
    built = await prepared(await run(ask, person, "What are these?", *photos))
    assert [picture.filename for picture in built.pictures] == [f"{n}.png" for n in range(PICTURES_MAX)]
    assert codes(built) == ["image_seen", "image_by_ocr"]
    for n in range(PICTURES_MAX, PICTURES_MAX + 2):
        assert f"“{n}.png” went to the model as the text that OCR read in it" in built.notices[1].message
    assert built.notices[1].message.count(TOO_MANY) == 2
    assert f"{PICTURES_MAX - 1}.png: shown below as picture {PICTURES_MAX}." in built.messages[-1]["content"]


async def test_a_long_conversation_of_pictures_has_no_long_notice(person: Person) -> None:
    photos = [await run(a_picture, person, f"{n}.png", text=f"Photo {n} is here.") for n in range(9)]
    (notice,) = (await prepared(await run(ask, person, "What are these?", *photos), unseen=module.BLIND)).notices
    assert notice.message.count("OCR read in it") == module.NAMED_MAX
    assert notice.message.endswith(" So it is with 4 more of this conversation.")


async def test_a_picture_that_is_still_being_read_is_said_to_be(person: Person, settings: LazySettings) -> None:
    settings.DOCUMENT_WAIT_SECONDS = 0.05
    photo = await run(lambda: a_picture(person, text=""))
    await run(Document.objects.filter(pk=photo.pk).update, state=DocumentState.READING)
    started = await run(ask, person, "What is this?", photo)
    unseen = await prepared(started, unseen=module.BLIND)
    assert codes(unseen) == ["documents_unfinished", "image_by_ocr"]
    assert unseen.notices[1].message.startswith("“board.png” could not be used yet: it is still being read")
    # Who sees needs no words.
    assert codes(await prepared(started)) == ["documents_unfinished", "image_seen"]


async def test_the_pictures_of_a_file_count_each(person: Person, drawn: list[int]) -> None:
    scan, photo = await run(a_picture, person, "scan.tiff"), await run(a_picture, person, text="Another one.")
    await run(Document.objects.filter(pk=scan.pk).update, page_count=PICTURES_MAX + 3)
    built = await prepared(await run(ask, person, "What are these?", scan, photo))
    assert drawn == [*range(1, PICTURES_MAX + 1)]
    assert codes(built) == ["image_seen", "image_by_ocr"]
    assert all(name in built.notices[1].message for name in ("scan.tiff", "board.png"))
    assert "scan.tiff: shown below as pictures 1, 2, 3, 4, 5." in built.messages[-1]["content"]


async def test_a_next_question_still_shows_the_picture_after_those_of_its_own(person: Person, drawn: list[int]) -> None:
    first, second = await run(a_picture, person, "1.png"), await run(a_picture, person, "2.png", text="Two is here.")
    started = await run(ask, person, "What is this?", first)
    built = await prepared(await run(asked_next, person, started, "And this?", second))
    assert [picture.filename for picture in built.pictures] == ["2.png", "1.png"]


async def test_pictures_take_no_more_than_there_is_room_for(person: Person, drawn: list[int]) -> None:
    photos = [await run(a_picture, person, f"{n}.png", text=f"Photo {n} is here.") for n in range(3)]
    started = await run(ask, person, "What are these?", *photos)
    built = await prepared(started, budget_tokens=4 * PICTURE_TOKENS)
    assert len(built.pictures) == 2
    assert NO_ROOM in built.notices[-1].message
    assert (await prepared(started, budget_tokens=500)).pictures == ()


@pytest.mark.parametrize(
    ("columns", "reason"),
    [({"stored_as": ""}, module.NOT_KEPT), ({"stored_as": "documents/gone"}, module.NOT_DRAWN)],
    ids=["imported without its file", "bytes are gone"],
)
async def test_a_picture_that_cannot_be_shown_goes_as_its_text(
    person: Person, columns: dict[str, str], reason: str
) -> None:
    photo = await run(a_picture, person)
    await run(Document.objects.filter(pk=photo.pk).update, **columns)
    built = await prepared(await run(ask, person, "What is this?", photo))
    assert images_of(built) == []
    assert (codes(built), reason in built.notices[0].message) == (["image_by_ocr"], True)


async def test_a_picture_that_cannot_be_drawn_goes_as_its_text(person: Person) -> None:
    photo = await run(lambda: a_picture(person, content=b"\x89PNG\r\n\x1a\n"))
    built = await prepared(await run(ask, person, "What is this?", photo))
    assert (codes(built), built.pictures) == (["image_by_ocr"], ())
    assert module.NOT_DRAWN in built.notices[0].message


async def test_a_picture_that_could_not_be_read_as_a_file_is_not_shown(person: Person) -> None:
    photo = await run(lambda: a_row(person.user, kind="image", filename="broken.png", state=DocumentState.FAILED))
    built = await prepared(await run(ask, person, "What is this?", photo))
    assert (codes(built), built.pictures) == (["document_failed"], ())


def provider(name: str, *, images: bool, state: str = "ready") -> dict[str, Any]:
    return {"name": name, "abilities": {"images": images}, "state": state}


@pytest.mark.parametrize(
    ("providers", "chosen", "sees", "blind_instead"),
    [
        ([], "", False, False),
        ([provider("a", images=False)], "", False, True),
        ([provider("a", images=False), provider("b", images=True)], "", True, True),
        ([provider("a", images=False), provider("b", images=True)], "a", False, False),
        ([provider("a", images=False), provider("b", images=True)], "b", True, False),
        ([provider("a", images=False), provider("b", images=True, state="open")], "", False, True),
        ([provider("b", images=True)], "", True, False),
    ],
    ids=["none", "blind", "either", "blind chosen", "seeing chosen", "seeing one is left alone", "seeing alone"],
)
def test_a_picture_goes_to_nobody_but_who_was_chosen(
    providers: list[dict[str, Any]], chosen: str, sees: bool, blind_instead: bool
) -> None:
    models = {"providers": providers}
    assert can_see(models, provider=chosen) == sees
    assert blind_can_answer(models, provider=chosen) == blind_instead
