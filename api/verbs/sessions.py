"""Sessions: what was recorded, its replay with the network shut, and what would have been otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.guardrails import Guardrails
from memory.domain.session import Session, SessionEvent

from .acting import Acting

if TYPE_CHECKING:
    from agent.replay.batch import BatchReport
    from agent.replay.diff import SessionDiff
    from agent.replay.report import ReplayReport
    from agent.replay.variant import Variant
    from agent.sessions.bundle import Bundle
    from memory.store.sessions import StoredSession


class ShownSession(Frozen):
    """One session with its entries, verified."""

    session: Session
    """What it was and how it ended."""
    events: tuple[SessionEvent, ...]
    """What happened, in order."""


class ExportedSession(Frozen):
    """Where a bundle was written."""

    session_id: str
    """The session."""
    folder: str
    """Its folder."""
    fingerprint: str
    """Who signed it; readers elsewhere name it with --trust."""
    n_batches: int
    """Batches of decisions whose inputs are in it; 0 where the plan decided nothing."""
    n_decisions: int
    """Decisions in it."""


class Changes(Frozen):
    """What a counterfactual replay over HTTP changes."""

    guardrails: Guardrails | None = None
    """Other limits."""
    prompt: str = Field(default="", max_length=80)
    """Another version of prompts, such as `plan/v1`."""
    llm: str = Field(default="", max_length=120)
    """Another language model at the configured endpoint, asked anew."""
    planner: Literal["", "playbook"] = ""
    """`playbook` plans by rule instead."""
    language: Literal["en", "zh"] = "en"
    """Language of the sentences."""


def list_sessions(acting: Acting, limit: int = 50) -> tuple[Session, ...]:
    """List the shop's sessions, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.sessions.all([acting.shop_id], limit)


def show_session(acting: Acting, session_id: str) -> ShownSession:
    """Give one session after checking its chain and seal; raises `NotFound`, `SessionTampered`."""
    acting.require("read")
    stored = _stored(acting, session_id)
    return ShownSession(session=stored.head, events=stored.events)


def replay_session(acting: Acting, session_id: str) -> "ReplayReport":
    """Run a session again from its recording, the network shut, and compare the hashes of plans and decisions."""
    from agent.replay.run import replay_bundle

    acting.require("evaluate")
    return replay_bundle(bundle_of(acting, session_id), acting.app.key)


def replay_with(
    acting: Acting, bundle: "Bundle", variant: "Variant", language: str = "en", limit: int = 20
) -> "SessionDiff":
    """Run a session again with something changed and give what differs from the original; nothing is kept or sent."""
    from agent.replay.counterfactual import rerun_with
    from agent.replay.diff import session_diff

    acting.require("evaluate")
    made = rerun_with(bundle, variant)
    found = session_diff(bundle, made.bundle, language=language, limit=limit)
    notes = [*found.notes, *(f"not_asked_so: {line}" for line in made.drift[:limit])]
    if made.steps_without_inputs and bundle.decisions is not None:
        notes.append(f"steps_without_inputs: {', '.join(made.steps_without_inputs)}")
    name = f"{found.session_b} with {' '.join(variant.words)}"
    return found.model_copy(update={"session_b": name, "notes": tuple(notes)})


def diff_sessions(
    acting: Acting, one: "Bundle", other: "Bundle", language: str = "en", limit: int = 20
) -> "SessionDiff":
    """Give which parts and decisions of two sessions differ, and what differed first."""
    from agent.replay.diff import session_diff

    acting.require("evaluate")
    return session_diff(one, other, language=language, limit=limit)


def bundle_of(acting: Acting, session_id: str) -> "Bundle":
    """Give a stored session of the shop, verified, with the inputs of its decisions where they were kept."""
    from agent.replay.gathering import gathered

    acting.require("evaluate")
    app = acting.app
    return gathered(app.store, app.lake, app.markets, _stored(acting, session_id))


def exported(acting: Acting, folder: Path, trusted: Sequence[str] = ()) -> "Bundle":
    """Give the session in an exported folder; raises `SessionTampered`, `UnknownSigner`."""
    from agent.sessions.bundle import read_bundle

    acting.require("evaluate")
    return read_bundle(folder, acting.app.key, trusted)


def export_session(acting: Acting, session_id: str, folder: Path) -> ExportedSession:
    """Write a session as a signed folder, with the inputs of its decisions where its plan went live."""
    from agent.sessions.bundle import write_bundle
    from agent.sessions.signing import fingerprint_of

    acting.require("evaluate")
    bundle = bundle_of(acting, session_id)
    write_bundle(bundle, folder, acting.app.key)
    with acting.app.store.unit_of_work() as uow:
        now = acting.app.clock.now()
        uow.audit.append(acting.principal.id, "session.export", f"session:{session_id}", now, {})
    return ExportedSession(
        session_id=session_id,
        folder=str(folder),
        fingerprint=fingerprint_of(acting.app.key),
        n_batches=len(bundle.decisions.shared.frames) if bundle.decisions else 0,
        n_decisions=bundle.decisions.decided.num_rows if bundle.decisions else 0,
    )


def fingerprint(acting: Acting) -> str:
    """Give what the exports of this installation are known by elsewhere."""
    from agent.sessions.signing import fingerprint_of

    acting.require("read")
    return fingerprint_of(acting.app.key)


def replay_export(acting: Acting, folder: Path, trusted: Sequence[str]) -> "ReplayReport":
    """Replay one exported session."""
    from agent.replay.batch import replay_export

    acting.require("evaluate")
    return replay_export(folder, acting.app.key, trusted)


def replay_folder(acting: Acting, folder: Path, trusted: Sequence[str]) -> "BatchReport":
    """Replay every exported session in a folder."""
    from agent.replay.batch import replay_folder

    acting.require("evaluate")
    return replay_folder(folder, acting.app.key, trusted)


def variant_of(acting: Acting, asked: Sequence[str], read_file: Callable[[str], str]) -> "Variant":
    """Read the `--with` words of a command; `read_file` gives the text of the file that `guardrails=` names."""
    from agent.guardrails.setting import read_guardrails
    from agent.llm.endpoint import endpoint_of
    from agent.replay.variant import parse_variant

    acting.require("evaluate")
    return parse_variant(asked, endpoint_of(acting.app.settings), lambda name: read_guardrails(read_file(name)))


def changed(acting: Acting, changes: Changes) -> "Variant":
    """Read what a request changes; raises `InvalidInput` where it changes nothing."""
    named = {"guardrails": changes.guardrails and "given", **changes.model_dump(include={"prompt", "llm", "planner"})}
    words = [f"{name}={value}" for name, value in named.items() if value]
    if not words:
        raise InvalidInput(
            what="The request", why="it changes nothing", remedy="Give guardrails, prompt, llm or planner"
        )
    rails = changes.guardrails
    variant = variant_of(acting, [word for word in words if not word.startswith("guardrails=")], str)
    return replace(variant, guardrails=rails, words=tuple(words))


def _stored(acting: Acting, session_id: str) -> "StoredSession":
    from agent.sessions.verify import verify

    with acting.app.store.read() as uow:
        stored = uow.sessions.get(session_id)
    acting.own("session", session_id, stored.head.shop_id)
    verify(acting.app.key, stored)
    return stored
