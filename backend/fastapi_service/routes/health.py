"""Whether this process is there, and for which providers it is set up; from memory, and open to everybody."""

from fastapi import APIRouter

from fastapi_service.providers.registry import ADAPTERS
from fastapi_service.routes.chatbot import TheChain
from fastapi_service.routes.schemas import HealthReply

router = APIRouter()


@router.get("/health")
async def health(chain: TheChain) -> HealthReply:
    states = {lane.provider.name: lane.state for lane in chain.lanes}
    return HealthReply(status="ok", providers={name: states.get(name, "unconfigured") for name in ADAPTERS})
