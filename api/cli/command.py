"""How a function becomes a command: the options all commands share, and one clear line for every error."""

import inspect
import sys
from collections.abc import Callable, Collection
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, get_type_hints

import typer

from memory.domain.errors import InvalidInput, SecondOrderError

from .desk import Desk, print_json

P = ParamSpec("P")

JSON = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
AS = Annotated[str | None, typer.Option("--as", metavar="ID", help="Act as this principal.")]
SHOP = Annotated[str | None, typer.Option("--shop", metavar="ID", help="Work on this shop.")]
HOME = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="Folder of the installation.")]
SHARED = {"as_json": (JSON, False), "as_id": (AS, None), "shop_option": (SHOP, None), "home_option": (HOME, None)}

EXIT_FAILED = 1
EXIT_INPUT = 2


def command(group: typer.Typer, name: str) -> Callable[[Callable[Concatenate[Desk, P], None]], Callable[..., None]]:
    """Register a function that takes a `Desk` first as the command `name`, with the shared options."""

    def register(function: Callable[Concatenate[Desk, P], None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        own = list(inspect.signature(function).parameters.values())[1:]

        @wraps(function)
        def run(context: typer.Context, **given: Any) -> None:
            desk = _desk(given, context.obj or {})
            files = tuple(value for value in given.values() if isinstance(value, Path))
            with_errors(desk, lambda: function(desk, **given), files)  # type: ignore[call-arg]

        _sign(run, [parameter.replace(annotation=hints[parameter.name]) for parameter in own])
        group.command(name)(run)
        return run

    return register


def with_errors(desk: Desk, work: Callable[[], None], files: Collection[Path] = ()) -> None:
    """Run the work; an error becomes one line and an exit code: 2 where the input is at fault, else 1.

    A file among `files`, which somebody named, that cannot be read or written is such an input; other failures of
    files are not.
    """
    try:
        try:
            work()
        except OSError as error:
            if error.filename is None or not _is_among(Path(error.filename), files):
                raise
            why, remedy = error.strerror or type(error).__name__, "Name a file in a folder that you may use"
            raise InvalidInput(what=str(error.filename), why=why, remedy=remedy) from error
        finally:
            desk.close()
    except SecondOrderError as error:
        _say(desk, error)
        raise typer.Exit(EXIT_INPUT if error.http_status < 500 else EXIT_FAILED) from None
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        raise typer.Exit(130) from None


def _is_among(path: Path, files: Collection[Path]) -> bool:
    return any(path == named or named in path.parents for named in files)


def remember(context: typer.Context, **shared: Any) -> None:
    """Keep shared options that stand before the command's name; those behind it win."""
    context.obj = shared


def _desk(given: dict[str, Any], before: dict[str, Any]) -> Desk:
    """Take the shared options out of `given`; where one is not there, it may stand before the command's name."""
    shared = {name: given.pop(name) or before.get(name) for name in SHARED}
    options = {"as_principal": shared["as_id"], "shop": shared["shop_option"], "home": shared["home_option"]}
    return Desk({name: value for name, value in options.items() if value}, is_json=bool(shared["as_json"]))


def _sign(run: Callable[..., None], own: list[inspect.Parameter]) -> None:
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in SHARED.items()
    ]
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    everything = [context, *own, *shared]
    run.__signature__ = inspect.Signature(everything)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in everything}
    del run.__dict__["__wrapped__"]  # readers of signatures must not look behind it


def _say(desk: Desk, error: SecondOrderError) -> None:
    sys.stderr.write(f"error: {error}\n")
    if desk.is_json and not desk.has_spoken:
        print_json({"code": error.code, "message": str(error), "details": error.details})
