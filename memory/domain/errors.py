"""One root for every error we raise on purpose; the docstring is the message and names the remedy."""

from inspect import cleandoc
from typing import ClassVar


class SecondOrderError(Exception):
    """Something went wrong; see the details."""

    http_status: ClassVar[int] = 500

    def __init__(self, **details: object) -> None:
        """Keep `details`, which fill the `{names}` of the docstring."""
        self.details = details
        super().__init__(str(self))

    @property
    def code(self) -> str:
        """The error's stable machine name."""
        return type(self).__name__

    def __str__(self) -> str:
        """The docstring with its `{names}` filled in."""
        text = " ".join(cleandoc(type(self).__doc__ or "").split())
        return text.format_map({key: str(value) for key, value in self.details.items()})


class NotFound(SecondOrderError):
    """There is no {kind} {id} here; list what exists with `secondorder {kind} list` or check the id."""

    http_status = 404


class NotPermitted(SecondOrderError):
    """{principal} may not {permission} in shop {shop_id}; ask an admin of that shop to grant the role."""

    http_status = 403


class NotAuthenticated(SecondOrderError):
    """No valid bearer token was sent; create one with `secondorder token create` and send it."""

    http_status = 401


class InvalidInput(SecondOrderError):
    """{what} cannot be used: {why}. {remedy}"""  # noqa: D400

    http_status = 422


class Conflict(SecondOrderError):
    """{what} changed meanwhile: {why}. Read it again and repeat the step."""

    http_status = 409


class NotReady(SecondOrderError):
    """{what} is not ready: {why}. {remedy}"""  # noqa: D400

    http_status = 409
