"""Images of a prompt: who can be asked about them, and what one that cannot see is given in their place."""

from dataclasses import replace

from fastapi_service.core.errors import InvalidInput
from fastapi_service.orchestration.lane import Lane
from fastapi_service.providers.base import Image, Message, Prompt

IN_PLACE_OF_IMAGE = "[A picture was here, which you cannot see.]"


def able(prompt: Prompt, lanes: list[Lane], *, is_chosen: bool) -> list[Lane]:
    """Those that can answer the prompt, with its images if it has any, in the order in which they are tried.

    A question about an image goes to nobody who cannot see it. Where the images stand in former turns only, whoever
    sees comes first, unless the first one was chosen. Raises: InvalidInput.
    """
    if not prompt.has_images:
        return lanes
    seeing = [lane for lane in lanes if lane.provider.abilities.images]
    if prompt.asks_about_images:
        if not seeing:
            raise InvalidInput("None of the models here can see images.", code="images_not_supported")
        return seeing
    return lanes if is_chosen else [*seeing, *(lane for lane in lanes if lane not in seeing)]


def without_images(prompt: Prompt) -> Prompt:
    """The prompt for one that cannot see: each image is a sentence that says that it was there."""
    return replace(prompt, messages=tuple(_without_images(message) for message in prompt.messages))


def _without_images(message: Message) -> Message:
    if not message.has_images:
        return message
    parts = (IN_PLACE_OF_IMAGE if isinstance(part, Image) else part for part in message.parts)
    return replace(message, content=tuple(parts))
