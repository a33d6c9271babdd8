"""`secondorder challenge`: what customers are asked to show, what they handed in, and what people decide about it."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from .command import command
from .desk import Desk, one_of, readable_file

group = typer.Typer(no_args_is_help=True, help="Challenges, what was handed in, and what may be used of it.")

Name = Annotated[str, typer.Argument(metavar="ID", help="The challenge.")]
Handed = Annotated[str, typer.Argument(metavar="SUBMISSION", help="What was handed in.")]


@command(group, "set")
def set_(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Set a challenge, or change the one of its id; what was handed in stays."""
    from api.verbs import challenges

    text = readable_file(path).read_text(encoding="utf-8", errors="replace")
    found = challenges.put(desk.acting, challenges.read(text))
    desk.emit(found, f"{found.title} runs from {found.starts_on} to {found.ends_on}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shop's challenges."""
    from api.verbs import challenges

    from .tables import table

    found = challenges.challenges(desk.acting)
    rows = [(one.id, one.title, one.hashtag, one.starts_on, one.ends_on, one.markets) for one in found]
    desk.emit(found, table("Challenges", ("id", "title", "tag", "from", "until", "markets"), rows))


@command(group, "counts")
def counts(desk: Desk) -> None:
    """Count what was handed in to each challenge, what waits and what may be used."""
    from api.verbs import challenges

    from .tables import table

    found = challenges.counted(desk.acting)
    rows = [(one.challenge.id, one.n_waiting, one.n_accepted, one.n_usable, one.n_refused) for one in found]
    desk.emit(found, table("Handed in", ("id", "waiting", "accepted", "may be used", "refused"), rows))


@command(group, "submit")
def submit(
    desk: Desk,
    challenge_id: Name,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV: person, link, submitted_at, rights_source, rights_at.")
    ],
) -> None:
    """Take what a CSV file hands in, row by row; one post is taken once, and waits for a person."""
    from api.verbs import challenges

    from .tables import table

    text = readable_file(path).read_text(encoding="utf-8-sig", errors="replace")
    found = challenges.submit_file(desk.acting, challenge_id, text)
    rows = [(number, one.code, one.submission.id if one.submission else "") for number, one in enumerate(found, 1)]
    desk.emit(found, table("Handed in", ("row", "how it ended", "submission"), rows))


@command(group, "submissions")
def submissions(
    desk: Desk,
    challenge_id: Name,
    state: Annotated[str, typer.Option(help="Only waiting, accepted or refused.")] = "",
    usable: Annotated[bool, typer.Option("--usable", help="Only what was accepted and may be used.")] = False,
) -> None:
    """List what was handed in to a challenge, oldest first."""
    from api.verbs import challenges
    from memory.domain.challenge import SubmissionState

    from .tables import table

    words: tuple[SubmissionState, ...] = get_args(SubmissionState)
    wanted = one_of("state", state, words) if state else None
    found = challenges.submissions(desk.acting, challenge_id, wanted, usable=usable)
    rows = [(one.id, one.person_id, one.link, one.state, one.rights is not None, one.why) for one in found]
    desk.emit(found, table("Handed in", ("submission", "person", "link", "state", "consents to use", "why"), rows))


@command(group, "decide")
def decide(
    desk: Desk,
    submission: Handed,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="accepted or refused.")],
    why: Annotated[str, typer.Option(help="Why; a refusal needs it.")] = "",
) -> None:
    """Accept or refuse what waits, once."""
    from api.verbs import challenges

    words: tuple[challenges.Decision, ...] = get_args(challenges.Decision)
    found = challenges.decide(desk.acting, submission, one_of("decision", decision, words), why)
    desk.emit(found, f"{found.state}" + ("" if found.may_be_used else ": nothing of it may be used."))
