"""What a reader is told while the answer is on its way. Codes are for programs and never change."""

from fastapi_service.orchestration.events import Notice

QUEUED = Notice("queued", "Others are being answered first; yours is in the queue.")


def retrying(label: str, *, pause_s: float) -> Notice:
    when = f" in {pause_s:.0f} s" if pause_s >= 1 else ""
    return Notice("retry", f"{label} did not answer; trying again{when}.")


def moved_on(label: str, next_label: str) -> Notice:
    return Notice("provider_changed", f"{label} could not answer; {next_label} answers instead.")


def sees_instead(label: str, next_label: str) -> Notice:
    return Notice("provider_changed", f"{label} cannot see pictures; {next_label} answers instead.")


def images_dropped(label: str) -> Notice:
    return Notice("images_dropped", f"{label} cannot see pictures: it answers without those of this conversation.")


def seam(label: str, next_label: str) -> Notice:
    """The answer goes on after it had broken off."""
    if label == next_label:
        return Notice("seam", f"{label} broke off in the middle of its answer and goes on now.")
    return Notice("seam", f"{label} broke off in the middle of its answer; {next_label} goes on from there.")


def turns_dropped(label: str, *, dropped: int) -> Notice:
    messages = "message was" if dropped == 1 else f"{dropped} messages were"
    return Notice("turns_dropped", f"{label} reads less at once: the oldest {messages} left out.")
