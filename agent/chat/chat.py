"""The chat: threads in the store, one recorded session per thread, one turn at a time."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.llm.endpoint import LlmEndpoint
from agent.llm.limits import Limits
from agent.planning.context import PlanContext
from agent.planning.contexts import Contexts
from agent.planning.playbook import PlaybookPlanner
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Extras
from agent.toolbox.gathering import extras_of
from agent.toolbox.registry import ALL
from memory.domain.brief import Brief
from memory.domain.clock import Clock
from memory.domain.errors import NotFound
from memory.domain.plan import Plan
from memory.domain.principal import Principal
from memory.domain.session import SessionEvent
from memory.lake.lake import Lake
from memory.store.chats import ChatThread
from memory.store.engine import Store

from .events import ChatEvent, Done, Said, ToolUsed
from .identifiers import hide
from .lines import MAX_LINES, ChatLine, line_of
from .llm import LlmPart
from .start import start_body
from .state import ChatState, language_of
from .tools_heard import ToolEar
from .turn import Ports, Turn
from .words import say

if TYPE_CHECKING:
    import httpx2

MAX_TEXT_CHARS = 4_000
LINES = "lines"
"""Where a thread's state keeps what it has shown."""


@dataclass
class Chat:
    """Chats of one installation."""

    store: Store
    """Threads, sessions, plans."""
    lake: Lake
    """Facts."""
    clock: Clock
    """Time."""
    key: bytes
    """Seals the sessions."""
    endpoint: LlmEndpoint | None = None
    """The language model; none where everything runs by rule."""
    limits: Limits = field(default_factory=Limits)
    """Hard limits of one draft or reading."""
    tools: tuple[str, ...] = ALL
    """Tools a draft may use."""
    transport: "httpx2.BaseTransport | None" = None
    """Reaches the endpoint; the machine's network where none is given."""
    recall: Callable[[str], tuple[tuple[str, str], ...]] | None = None
    """Finds what a person of the shop let in; none where nothing is kept."""
    contexts: Contexts | None = None
    """Contexts that other turns read; read anew at each turn where none are given."""
    facts: Callable[[Brief], tuple[PlanContext, Extras]] | None = None
    """Another reader of facts, for tests; the shop's own where none is given."""

    def open(self, principal: Principal, shop_id: str) -> str:
        """Make a thread and give its id; raise `NotPermitted` where the principal may not plan."""
        principal.require("plan", shop_id)
        chat_id = f"c{secrets.token_hex(8)}"
        recorder = self._begin(principal, shop_id)
        with self.store.unit_of_work() as uow:
            recorder.save(uow)
            uow.chats.put(self._thread(chat_id, shop_id, principal, recorder, ChatState()))
        return chat_id

    def turn(
        self,
        chat_id: str,
        principal: Principal,
        text: str,
        *,
        is_stopped: Callable[[], bool] = lambda: False,
        tool_heard: Callable[[ToolUsed], None] | None = None,
        brief: Brief | None = None,
    ) -> Iterator[ChatEvent]:
        """Give the events of one turn; the thread is stored when it ends, also where nobody listens any more.

        `is_stopped` ends a language model's work before its next call. `tool_heard` hears of each tool at once, from
        the turn's own thread; without it tools are told with the rest. A `brief` that came along replaces the wishes so
        far, and the plan is drafted from it.
        Raise `NotFound` for a thread that is not the principal's own, `SessionTampered` where its record was changed.
        """
        with self.store.read() as uow:
            thread = uow.chats.get(chat_id)
            if thread.principal != principal.id:
                raise NotFound(kind="chat", id=chat_id)
            principal.require("plan", thread.shop_id)
            recorder = Recorder.resume(self.clock, self.key, uow.sessions.get(thread.session_id))
        plain = self._without_identifiers(thread.shop_id, text[:MAX_TEXT_CHARS])
        state = state_of(thread)
        turn = Turn(state, self._ports(thread.shop_id, recorder, is_stopped))
        shown = [ChatLine(kind="you", text=plain)]
        events = _kept(turn.attach(plain, brief) if brief is not None else turn.run(plain), shown)
        _listen(recorder, tool_heard)
        try:
            if plain != text[:MAX_TEXT_CHARS]:
                yield Said(text=say("hidden", language_of(text, state.language)))
            for event in events:
                if tool_heard is None or not isinstance(event, ToolUsed):
                    yield event
        finally:
            for _ in events:
                pass
            self._save(thread, principal, recorder, turn.state, shown)
        plan_id = turn.state.plan.id if turn.state.plan else ""
        yield Done(chat_id=chat_id, session_id=thread.session_id, plan_id=plan_id)

    def _begin(self, principal: Principal, shop_id: str) -> Recorder:
        return Recorder.begin(
            self.clock,
            self.key,
            shop_id=shop_id,
            kind="chat",
            principal=principal.id,
            llm=self.endpoint.llm if self.endpoint else "",
            start=start_body(self.tools, self.limits),
        )

    def _without_identifiers(self, shop_id: str, text: str) -> str:
        with self.store.read() as uow:
            return hide(text, lambda names: uow.chats.names_among(shop_id, names))

    def _ports(self, shop_id: str, recorder: Recorder, is_stopped: Callable[[], bool]) -> Ports:
        def facts(brief: Brief) -> tuple[PlanContext, Extras]:
            contexts = self.contexts or Contexts(self.store, self.lake, self.clock)
            context = contexts.gather(shop_id, brief)
            return context, extras_of(contexts, context) if self.endpoint else Extras()

        ports = Ports(recorder=recorder, gather=self.facts or facts, planner=PlaybookPlanner.ref)
        if self.endpoint is None:
            return ports
        part = LlmPart(
            endpoint=self.endpoint,
            recorder=recorder,
            transport=recorder.transport(self.transport, seconds=self.limits.max_seconds),
            tools=self.tools,
            limits=self.limits,
            recall=self.recall,
            is_stopped=is_stopped,
        )
        ports.planner, ports.draft, ports.translate = part.ref, part.draft, part.translator()
        return ports

    def _save(
        self,
        thread: ChatThread,
        principal: Principal,
        recorder: Recorder,
        state: ChatState,
        shown: list[ChatLine],
    ) -> None:
        plan = state.plan
        recorder.rest(plan.id if plan else "")
        with self.store.unit_of_work() as uow:
            recorder.save(uow)
            lines = (*lines_of(thread), *shown)[-MAX_LINES:]
            uow.chats.put(self._thread(thread.id, thread.shop_id, principal, recorder, state, lines))
            if plan is not None:
                uow.plans.put(plan, principal.id, _touched(state, principal), self.clock.now(), thread.session_id)

    def _thread(
        self,
        chat_id: str,
        shop_id: str,
        principal: Principal,
        recorder: Recorder,
        state: ChatState,
        lines: tuple[ChatLine, ...] = (),
    ) -> ChatThread:
        return ChatThread(
            id=chat_id,
            shop_id=shop_id,
            principal=principal.id,
            session_id=recorder.head.id,
            state={**state.model_dump(mode="json"), LINES: [line.model_dump(mode="json") for line in lines]},
            updated_at=self.clock.now(),
        )


def state_of(thread: ChatThread) -> ChatState:
    """Give where a stored thread stands."""
    return ChatState.model_validate({name: value for name, value in thread.state.items() if name != LINES})


def lines_of(thread: ChatThread) -> tuple[ChatLine, ...]:
    """Give what a stored thread has shown; empty for one of an earlier version."""
    return tuple(ChatLine.model_validate(line) for line in thread.state.get(LINES, ()))


def _kept(events: Iterator[ChatEvent], shown: list[ChatLine]) -> Iterator[ChatEvent]:
    """Pass events on and keep what each shows; a generator that is left half-way goes on where it was."""
    for event in events:
        if (line := line_of(event)) is not None:
            shown.append(line)
        yield event


def _listen(recorder: Recorder, heard: Callable[[ToolUsed], None] | None) -> None:
    if heard is None:
        return
    ear = ToolEar()

    def hear(event: SessionEvent) -> None:
        if (used := ear.hear(event)) is not None:
            heard(used)

    recorder.heard = hear


def _touched(state: ChatState, principal: Principal) -> tuple[str, ...]:
    plan: Plan | None = state.plan
    by_agent = plan is not None and plan.planner.kind == "llm"
    return (principal.id, "agent") if by_agent else (principal.id,)
