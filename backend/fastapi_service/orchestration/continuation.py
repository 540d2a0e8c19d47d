"""How a provider is asked to go on from an answer that has begun already."""

from dataclasses import replace

from fastapi_service.providers.base import Message, Prompt, Provider

GO_ON = (
    "Your answer above was cut off. Go on from exactly where it ends, in the middle of a word if need be, as if "
    "nothing had happened: do not repeat anything, do not greet, do not comment on this."
)


def continuing(prompt: Prompt, provider: Provider) -> Prompt:
    """The prompt as it is where the API itself can go on from `continue_from`; else the wish put into words."""
    if not prompt.continue_from or provider.abilities.continues:
        return prompt
    begun = (Message("assistant", prompt.continue_from), Message("user", GO_ON))
    return replace(prompt, messages=(*prompt.messages, *begun), continue_from="")
