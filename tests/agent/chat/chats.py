"""A chat over the round-figured context, with or without a scripted language model."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from agent.chat.chat import Chat
from agent.chat.events import ChatEvent, Done, PlanChanged, PlanDrafted, PlanRefused, Said
from agent.llm.endpoint import LlmEndpoint
from agent.llm.limits import Limits
from agent.toolbox.desk import Extras
from agent.toolbox.registry import FEW
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant, Principal
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.planning import context

ANNA = Principal(id="anna", name="Anna", grants=(Grant(shop_id="nord", role="marketer"),))


@dataclass
class Talk:
    """One thread with what came back last."""

    chat: Chat
    chat_id: str
    last: list[ChatEvent]

    def say(self, text: str) -> list[ChatEvent]:
        self.last = list(self.chat.turn(self.chat_id, ANNA, text))
        return self.last

    @property
    def words(self) -> str:
        return "\n".join(event.text for event in self.last if isinstance(event, Said))

    @property
    def plan(self) -> PlanDrafted:
        return [event for event in self.last if isinstance(event, PlanDrafted)][-1]

    @property
    def changed(self) -> PlanChanged:
        return next(event for event in self.last if isinstance(event, PlanChanged))

    @property
    def refused(self) -> PlanRefused:
        return next(event for event in self.last if isinstance(event, PlanRefused))

    @property
    def session_id(self) -> str:
        return next(event for event in self.last if isinstance(event, Done)).session_id


@contextmanager
def talk(
    store: Store, lake: Lake, clock: ManualClock, key: bytes, endpoint: LlmEndpoint | None = None
) -> Iterator[Talk]:
    """Open a thread as a marketer."""
    chat = Chat(
        store, lake, clock, key, endpoint=endpoint, tools=FEW, limits=Limits(max_calls=6),
        facts=lambda _brief: (context(), Extras()),
    )  # fmt: skip
    yield Talk(chat, chat.open(ANNA, "nord"), [])
