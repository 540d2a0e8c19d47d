"""The worker as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

from fastapi_service.core.config import Settings, load_settings
from fastapi_service.core.errors import PROBLEM_TYPE, ApiError, InvalidInput, NotFound, problem
from fastapi_service.core.middleware import SECRET_HEADER, BodyLimit, InternalSecret, RequestContext
from fastapi_service.core.openapi import DocumentedApp
from fastapi_service.core.request_log import configure_logging, current_request_id
from fastapi_service.orchestration.answer_stream import LiveStreams
from fastapi_service.orchestration.chain import Chain, Patience
from fastapi_service.orchestration.metrics import forget_dead_processes
from fastapi_service.providers.registry import open_embeddings, open_providers, timeouts_of
from fastapi_service.routes import chatbot, embeddings, health, metrics, models, study

ERRORS_TOLD = 20  # of one body; a hostile one has a hundred thousand
UNREADABLE = 400  # what FastAPI says of a body that its parser gives up on, such as one nested too deeply


def create_app(settings: Settings) -> FastAPI:
    """The application; the clients of its providers are open between the start and the end of its lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        forget_dead_processes()
        async with open_providers(settings) as providers, open_embeddings(settings) as app.state.embeddings:
            chain = Chain(providers, timeouts=timeouts_of(settings), patience=_patience_of(settings))
            app.state.chain = chain
            app.state.live = LiveStreams(chain.metrics)
            yield

    app = DocumentedApp(title="Lamla AI worker", lifespan=lifespan, redirect_slashes=False)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(InternalSecret, secrets=settings.secrets)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=[SECRET_HEADER, "Content-Type", "X-Request-ID"],
        )
    app.add_middleware(RequestContext)
    app.add_exception_handler(ApiError, _told)
    app.add_exception_handler(HTTPException, _told_http)
    app.add_exception_handler(RequestValidationError, _told_invalid)
    for routes in (health, chatbot, models, study, embeddings, metrics):
        app.include_router(routes.router)
    return app


def _patience_of(settings: Settings) -> Patience:
    return Patience(
        queue_length=settings.queue_length,
        tries=settings.tries,
        breaker_failures=settings.breaker_failures,
        breaker_open_s=settings.breaker_open_s,
    )


def app_from_environment() -> FastAPI:
    """What each of uvicorn's processes calls."""
    configure_logging()
    return create_app(load_settings())


def _problem_response(error: ApiError) -> Response:
    headers = {"retry-after": str(error.retry_after_s)} if error.retry_after_s else None
    body = orjson.dumps(problem(error, request_id=current_request_id.get()))
    return Response(body, status_code=error.status, media_type=PROBLEM_TYPE, headers=headers)


async def _told(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return _problem_response(error)


async def _told_http(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if isinstance(error.__cause__, ApiError):  # FastAPI wraps what is raised while it reads a body
        return _problem_response(error.__cause__)
    if error.status_code == NotFound.status:
        return _problem_response(NotFound("There is nothing at this address."))
    if error.status_code == UNREADABLE:
        return _problem_response(InvalidInput("The body of this request cannot be read; it should be JSON."))
    return _problem_response(ApiError(str(error.detail), code=f"http_{error.status_code}", status=error.status_code))


async def _told_invalid(_request: Request, error: Exception) -> Response:
    """What was sent is not repeated: it is a prompt, and may hold what JSON cannot say."""
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [{"loc": ".".join(map(str, each["loc"][1:])), "msg": each["msg"]} for each in error.errors()[:ERRORS_TOLD]]
    return _problem_response(InvalidInput("This request is not as it should be; see `errors`.", errors=errors))
