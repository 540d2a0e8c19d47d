"""Probes: from memory, so that a busy process is never taken for a dead one."""

from django.http import HttpRequest, JsonResponse

_state = {"ready": False}


def set_ready(*, ready: bool) -> None:
    _state["ready"] = ready


async def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


async def ready(request: HttpRequest) -> JsonResponse:
    """503 before the start has ended and from the first sign of a shutdown on."""
    is_ready = _state["ready"]
    return JsonResponse({"status": "ready" if is_ready else "not ready"}, status=200 if is_ready else 503)
