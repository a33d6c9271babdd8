"""How messages were received, on hand-made reactions to messages that really left."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.dispatch import dispatch
from agent.hooks.events import ProviderEvent, receive
from agent.reports import PlanFlow, flow_report, render_flow
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, World, a_world, learn
from tests.factories.facts import Facts
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENT_AT = LIVE_AT + DAY + 10 * HOUR


class Sent:
    """A live plan whose first messages left; their keys and people in order."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world: World = a_world(self.store, self.lake, 24)
        go_live(self.store, self.lake, clock, KEY, self.world.approved)
        tick(self.store, self.lake, clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
        clock.set(SENT_AT)
        dispatch(self.store, {"email": MemorySender(clock)}, clock, KEY, "nord")
        with self.store.read() as uow:
            table = uow.outbox.table("nord", self.plan_id, ("send_key", "person_id", "step_id", "state"))
        rows = [row for row in table.to_pylist() if row["state"] == "sent"]
        self.step = rows[0]["step_id"]
        self.sent = [(row["send_key"], row["person_id"]) for row in rows if row["step_id"] == self.step]

    @property
    def plan_id(self) -> str:
        return self.world.plan.id

    def read(self, days: int = 30) -> PlanFlow:
        return flow_report(self.store, self.lake, "nord", self.plan_id, SENT_AT + days * DAY)


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    made = Sent(tmp_path)
    assert len(made.sent) >= 9
    return made


def test_s1_51_opens_clicks_and_orders_per_message_with_software_apart(sent: Sent) -> None:
    facts, at = Facts(), SENT_AT + HOUR

    def react(place: int, kind: str, *, after: timedelta = HOUR, by_machine: bool = False) -> None:
        key, person = sent.sent[place]
        facts.event(person, SENT_AT + after, kind, shop_id="nord", message_id=key, is_machine=by_machine)

    def order(place: int, after: timedelta) -> None:
        facts.order(sent.sent[place][1], SENT_AT + after, {}, shop_id="nord", order_ref=f"new-{place}-{after}")

    react(0, "mail_open", by_machine=True)  # only a mail program that guards privacy
    react(1, "mail_open", by_machine=True)
    react(1, "mail_open", after=2 * HOUR)  # a person too: theirs counts
    react(1, "mail_open", after=3 * HOUR)  # again, still one message
    react(2, "mail_click", by_machine=True)  # a filter
    react(3, "mail_click")
    order(3, 2 * DAY)  # counts
    order(3, 3 * DAY)  # a second one, still one message
    react(4, "mail_click")
    order(4, timedelta())  # before the click
    react(5, "mail_click")
    order(5, 6 * DAY)  # too late
    order(6, 2 * DAY)  # without a click
    learn(sent.store, sent.lake, facts, SENT_AT + 7 * DAY)
    with sent.store.unit_of_work() as uow:
        for place, kind, is_machine in ((7, "delivered", False), (7, "opened", False), (8, "clicked", True)):
            said = ProviderEvent(
                type=kind, at=at, channel="email", message_id=sent.sent[place][0], is_machine=is_machine
            )
            assert receive(uow, KEY, "nord", "provider", f"{place}-{kind}", said, at)
    found = sent.read()
    [one] = [each for each in found.messages if each.step_id == sent.step]
    assert (one.n_sent, one.channel) == (len(sent.sent), "email")
    assert (one.n_delivered, one.n_bounced) == (1, 0)
    assert (one.n_opened, one.n_machine_opened) == (2, 1)
    assert (one.n_clicked, one.n_machine_clicked) == (3, 2)
    assert one.n_ordered == 1
    assert one.rate(one.n_clicked) == pytest.approx(3 / len(sent.sent))
    early = next(each for each in sent.read(days=0).messages if each.step_id == sent.step)
    assert (early.n_opened, early.n_clicked, early.n_ordered) == (0, 0, 0), "what happens later is not known yet"


def test_other_steps_and_other_plans_messages_are_not_mixed_in(sent: Sent) -> None:
    facts = Facts()
    facts.event(sent.sent[0][1], SENT_AT + HOUR, "mail_click", shop_id="nord", message_id="of-another-tool")
    learn(sent.store, sent.lake, facts, SENT_AT + DAY)
    found = sent.read()
    assert sum(each.n_clicked for each in found.messages) == 0
    steps = [each.step_id for each in found.messages]
    assert steps == sorted(steps, key=[step.id for step in sent.world.plan.steps()].index)


def test_the_words_say_that_they_decide_nothing(sent: Sent) -> None:
    text, zh = render_flow(sent.read()), render_flow(sent.read(), "zh")
    assert "they decide nothing" in text and "within 5 days" in text
    cohort, _, name = sent.step.partition(".")
    rows = text.splitlines()
    assert any(row.split()[:3] == [name, "email", str(len(sent.sent))] for row in rows), "under its cohort"
    assert all(len(row) <= 80 for row in rows[1:-1]), "a terminal of 80 columns shows a message in a line"
    assert [each.cohort for each in sent.read().messages if each.step_id == sent.step] == [cohort]
    assert "仅供诊断" in zh and "5 天" in zh


def test_a_plan_that_never_went_live_has_none(store: Store, lake: Lake, clock: ManualClock) -> None:
    world = a_world(store, lake, 4)
    with pytest.raises(NotReady, match="never went live"):
        flow_report(store, lake, "nord", world.plan.id, clock.now())
