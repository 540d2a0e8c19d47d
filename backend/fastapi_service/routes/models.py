"""Which providers and models can answer now, and what each can do."""

from fastapi import APIRouter

from fastapi_service.orchestration.lane import Lane
from fastapi_service.providers.embeddings import Embeddings
from fastapi_service.routes.chatbot import TheChain
from fastapi_service.routes.embeddings import TheEmbeddings
from fastapi_service.routes.schemas import AbilitiesReply, EmbeddingsModelReply, ModelsReply, ProviderReply

router = APIRouter()


@router.get("/models")
async def list_models(chain: TheChain, embeddings: TheEmbeddings) -> ModelsReply:
    """The chain, in order; the default comes first. Beside it, the model that makes vectors."""
    providers = [_reply(lane) for lane in chain.lanes]
    return ModelsReply(
        default=providers[0].name if providers else None,
        providers=providers,
        embeddings=await _embeddings_reply(embeddings),
    )


async def _embeddings_reply(embeddings: Embeddings | None) -> EmbeddingsModelReply | None:
    dimension = await embeddings.dimension() if embeddings else None
    return EmbeddingsModelReply(model=embeddings.model, dimension=dimension) if embeddings and dimension else None


def _reply(lane: Lane) -> ProviderReply:
    provider = lane.provider
    able = provider.abilities
    return ProviderReply(
        name=provider.name,
        label=provider.label,
        models=list(provider.models),
        abilities=AbilitiesReply(
            stream=able.stream, json_schema=able.json_schema, images=able.images, continues=able.continues
        ),
        context_tokens=provider.context_tokens,
        prompt_budget_tokens=provider.prompt_budget_tokens,
        weak=provider.weak,
        state=lane.state,
    )
