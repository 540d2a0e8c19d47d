"""How the API answers what its views raise: problem documents, whatever happened."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from apps.core.errors import ApiError, BadRequest, InvalidInput, NotFound, Unavailable
from apps.core.openapi import declare_problems
from apps.core.problems import UNEXPECTED, problem_response, request_id_of
from apps.core.units_of_work import DATABASE_AWAY

log = logging.getLogger("lamla.api")
AWAY = "The database is away just now. Nothing of yours was lost; please try again in a moment."
RETRY_AFTER_SECONDS = 5
ERRORS_TOLD = 20
MEMBERS_MAX = 200  # of a body's object; each that no schema knows is an error, and a hundred thousand take seconds


class BoundedParser(Parser):
    """Reads a JSON body, and refuses an object that no client of ours could mean."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Any: JSON. Raises: InvalidInput."""
        body: Any = super().parse_body(request)
        if isinstance(body, dict) and len(body) > MEMBERS_MAX:
            raise InvalidInput(f"The body has {len(body):,} members; at most {MEMBERS_MAX} are taken.")
        return body


class Api(NinjaAPI):
    """Publishes how each route refuses beside what it answers."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        declare_problems(document)
        return document


def make_api(**options: Any) -> NinjaAPI:
    """A NinjaAPI whose every error is a problem document."""
    api = Api(parser=BoundedParser(), **options)

    @api.exception_handler(ApiError)
    def told(request: HttpRequest, error: ApiError) -> HttpResponse:
        return problem_response(error, request_id=request_id_of(request))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        reasons = [{"loc": list(entry["loc"]), "msg": _reason(entry)} for entry in error.errors[:ERRORS_TOLD]]
        detail = reasons[0]["msg"] if len(reasons) == 1 else "Some fields are missing or not as they should be."
        return problem_response(InvalidInput(str(detail), errors=reasons), request_id=request_id_of(request))

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        # Ninja says the same of whatever goes wrong while a body is read.
        known = error.__cause__ if isinstance(error.__cause__, ApiError) else None
        told = known or BadRequest("The body is no JSON that can be read.", code="invalid_json")
        return problem_response(told, request_id=request_id_of(request))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem_response(NotFound("There is nothing at this address."), request_id=request_id_of(request))

    for away in DATABASE_AWAY:
        api.exception_handler(away)(database_away)

    @api.exception_handler(Exception)
    def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("unexpected error on %s %s", request.method, request.path, exc_info=error)
        return problem_response(ApiError(UNEXPECTED), request_id=request_id_of(request))

    return api


def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """503 for what found the database away."""
    log.warning("the database is away on %s %s: %s", request.method, request.path, type(error).__name__)
    told = Unavailable(AWAY, code="database_unavailable", retry_after_s=RETRY_AFTER_SECONDS)
    return problem_response(told, request_id=request_id_of(request))


def _reason(entry: dict[str, Any]) -> str:
    """pydantic's words as a sentence, without their prefix; the offending value is never repeated."""
    sentence = str(entry["msg"]).removeprefix("Value error, ")
    return sentence if sentence.endswith(".") else f"{sentence}."
