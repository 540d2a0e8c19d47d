"""Links to conversations: parse, ask a service, answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from apps.chat.schemas import ConversationName
from apps.core.access import caller_of
from apps.core.openapi import Problem
from apps.core.units_of_work import unit_of_work
from apps.sharing import selectors, services
from apps.sharing.replies import shared_out
from apps.sharing.schemas import SharedConversation, ShareList, ShareOfConversation, ShareOut, ShareReply

router = Router(tags=["sharing"])


@router.get("/conversations/{conversation_id}/share/", response={200: ShareReply, 404: Problem})
async def get_share(request: HttpRequest, conversation_id: ConversationName) -> ShareReply:
    """The link to a conversation, if there is one."""
    caller = caller_of(request)
    found = await unit_of_work(selectors.share_of, caller=caller, conversation_id=conversation_id)
    return ShareReply(share=ShareOut.of(found) if found else None)


@router.post("/conversations/{conversation_id}/share/", response={200: ShareOut, 404: Problem, 409: Problem})
async def make_share(request: HttpRequest, conversation_id: ConversationName) -> ShareOut:
    """Make a link that anybody can read without an account, or bring it up to what the active branch is now."""
    caller = caller_of(request)
    return ShareOut.of(await unit_of_work(services.share_make, caller=caller, conversation_id=conversation_id))


@router.delete("/conversations/{conversation_id}/share/", response={204: None, 404: Problem})
async def revoke_share(request: HttpRequest, conversation_id: ConversationName) -> HttpResponse:
    """Revoke the link, if there is one: its address shows nothing any more."""
    await unit_of_work(services.share_revoke, caller=caller_of(request), conversation_id=conversation_id)
    return HttpResponse(status=204)


@router.get("/shares/", response=ShareList)
async def list_shares(request: HttpRequest) -> ShareList:
    """All links of the caller's, the latest first."""
    found = await unit_of_work(selectors.share_list, caller=caller_of(request))
    return ShareList(items=[ShareOfConversation.of(share) for share in found])


@router.get("/shared/{token}/", response={200: SharedConversation, 404: Problem, 422: Problem, 429: Problem})
async def read_shared(request: HttpRequest, token: str, cursor: UUID | None = None) -> SharedConversation:
    """What a link shows, without an account: at most 200 messages, and the `cursor` of those that follow."""
    return shared_out(await unit_of_work(selectors.shared_page, token=token, cursor=cursor))
