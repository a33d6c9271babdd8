"""One body for every error, and the documented answers that routes share."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from memory.domain.base import Frozen
from memory.domain.errors import SecondOrderError
from memory.domain.mistakes import said


class ErrorBody(Frozen):
    """What every refused or failed request answers."""

    code: str = Field(examples=["NotPermitted"])
    """The error's stable machine name."""
    message: str = Field(examples=["ann may not approve in shop nord; ask an admin of that shop to grant the role."])
    """One sentence with the remedy."""
    details: dict[str, Any] = Field(default={}, examples=[{"permission": "approve", "shop_id": "nord"}])
    """More of it, as plain JSON."""


DOCUMENTED: Mapping[int, str] = {
    400: "The request could not be read.",
    401: "No valid bearer token was sent.",
    403: "The principal lacks the permission in the shop.",
    404: "There is no such thing in the shop.",
    409: "The state of things forbids it now.",
    413: "The body is larger than allowed.",
    422: "The content cannot be used.",
    429: "Too many requests; wait as long as Retry-After says.",
}


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Give the documented error answers of a route."""
    return {status: {"model": ErrorBody, "description": DOCUMENTED[status]} for status in statuses}


GUARDED = answers(400, 401, 403, 404, 409, 413, 422, 429)
"""What any route behind a principal may answer."""


def install(api: FastAPI) -> None:
    """Answer every error with an `ErrorBody`."""
    api.add_exception_handler(SecondOrderError, _ours)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _broken)


def answer(
    status: int, code: str, message: str, details: Any = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Give one error as a response."""
    from pydantic_core import to_jsonable_python

    plain = to_jsonable_python(details or {}, fallback=str)
    return JSONResponse({"code": code, "message": message, "details": plain}, status, dict(headers or {}))


def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SecondOrderError)
    return refusal(error)


def refusal(error: SecondOrderError) -> JSONResponse:
    """Give one of our errors as a response, with the headers its status asks for."""
    headers = {"WWW-Authenticate": "Bearer"} if error.http_status == HTTPStatus.UNAUTHORIZED else {}
    if error.http_status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(error.details.get("retry_after", 60))
    return answer(error.http_status, error.code, str(error), error.details, headers)


def _unreadable(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [{"at": _place(row), "why": said(row)} for row in error.errors()]
    broken = any(row["type"] == "json_invalid" for row in error.errors())
    first = f"{problems[0]['at']}: {problems[0]['why']}" if problems else "see the details"
    return answer(
        400 if broken else 422, "InvalidRequest", f"The request cannot be used: {first}.", {"problems": problems}
    )


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return answer(error.status_code, phrase.title().replace(" ", ""), str(error.detail), headers=error.headers)


def _broken(request: Request, error: Exception) -> JSONResponse:
    request_id = request.scope.get("request_id", "")
    message = "Something broke here; the log has it under the request id."
    return answer(500, "Broken", message, {"request_id": request_id, "kind": type(error).__name__})


def _place(row: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in row.get("loc", ()))
