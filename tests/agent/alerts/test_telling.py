"""Alerts leave by mail and webhook, at least once, signed, and without a word about any person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from agent.alerts import tell
from agent.assembly import App, assemble
from agent.runs.steps import stop
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered
from memory.domain.principal import Grant, Principal
from memory.domain.run import Run
from memory.domain.switch import Alert, AlertCode
from tests.factories.shop import a_shop
from tests.memory.store.test_both_databases import contact, contacts
from tests.servers.http import FaultServer, Reply, Request
from tests.servers.journal import Journal
from tests.servers.mail import mail_server
from tools.channels.reach import Reach
from tools.channels.smtp import SmtpSender
from tools.channels.webhook import WebhookSender

SHOP = a_shop().shop_id
SECRET = "whsec_" + "c2Vjb25kIG9yZGVyIGFsZXJ0cyBhcmUgc2lnbmVk"


@dataclass
class Answers:
    """A way out that answers what it is told."""

    answers: list[HandOff]
    name: str = "scripted"
    kind: ProviderKind = "keyed"
    is_live: bool = False
    key_life: timedelta | None = None
    taken: list[Rendered] = field(default_factory=list)

    def hand_off(self, message: Rendered) -> HandOff:
        self.taken.append(message)
        return self.answers[min(len(self.taken), len(self.answers)) - 1]


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    made = assemble(load_settings(home=tmp_path / "home", alert_email="ops@nord.example.invalid"), clock)
    with made.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    yield made
    made.close()


def raised(app: App, subject: str = "run:r1", code: AlertCode = "run_stopped", message: str = "It stopped.") -> Alert:
    with app.store.unit_of_work() as uow:
        return uow.alerts.add(SHOP, code, subject, message, app.clock.now())


def untold(app: App) -> list[str]:
    with app.store.read() as uow:
        return [alert.subject for alert in uow.alerts.untold()]


def ok(app: App) -> Accepted:
    return Accepted(receipt="r", at=app.clock.now())


def by(app: App, **ways: Answers) -> None:
    """Let alerts leave these ways."""
    app.__dict__["alert_senders"] = tuple(
        ("email" if name == "mail" else "push", f"{name}@nord.example.invalid", way) for name, way in ways.items()
    )


def test_an_alert_leaves_every_way_once_and_is_told(app: App) -> None:
    mail, hook = Answers([ok(app)]), Answers([ok(app)])
    by(app, mail=mail, hook=hook)
    alert = raised(app)
    assert (tell(app), tell(app)) == (1, 0)
    assert [len(mail.taken), len(hook.taken)] == [1, 1]
    assert {message.send_key for message in mail.taken + hook.taken} == {alert.id}
    assert untold(app) == []


@pytest.mark.parametrize("problem", [Refused(reason="451 busy", is_retryable=True), Ambiguous(reason="lost")])
def test_what_fails_for_now_is_tried_again_in_the_next_round(app: App, problem: HandOff) -> None:
    """At least once: the way that worked is asked again too, under the same key, so that receivers can tell."""
    mail, hook = Answers([problem, ok(app)]), Answers([ok(app)])
    by(app, mail=mail, hook=hook)
    raised(app)
    assert tell(app) == 0
    assert untold(app) == ["run:r1"]
    assert tell(app) == 1
    assert {message.send_key for message in hook.taken} == {mail.taken[0].send_key}
    assert untold(app) == []


def test_a_refusal_for_good_is_not_tried_for_ever(app: App) -> None:
    mail = Answers([Refused(reason="550 no such box", is_retryable=False)])
    by(app, mail=mail)
    raised(app)
    assert (tell(app), tell(app), len(mail.taken)) == (1, 0, 1)


def test_one_alert_that_fails_holds_up_no_other(app: App) -> None:
    mail = Answers([Refused(reason="busy", is_retryable=True), ok(app)])
    by(app, mail=mail)
    raised(app, "run:r1")
    raised(app, "run:r2")
    assert tell(app) == 1
    assert untold(app) == ["run:r1"]


def test_the_same_about_the_same_is_raised_and_told_once(app: App) -> None:
    by(app, mail=(mail := Answers([ok(app)])))
    first, again = raised(app), raised(app)
    other = raised(app, message="It stopped for another reason.")
    assert first.id == again.id != other.id
    assert tell(app) == 2
    assert raised(app).told_at is not None
    assert tell(app) == 0
    assert len(mail.taken) == 2


def test_with_no_way_set_up_alerts_stay_in_the_list(app: App) -> None:
    app.__dict__["alert_senders"] = ()
    raised(app)
    assert tell(app) == 0
    assert untold(app) == ["run:r1"]


def test_our_own_figures_and_the_ids_of_principals_leave_as_they_are(app: App) -> None:
    by(app, mail=(mail := Answers([ok(app)])))
    said = "ops@nord.example.invalid stopped it: complaints 500 of 4000 (12.5%, at least 11.5%) is above 10.0%"
    raised(app, message=said)
    assert tell(app) == 1
    assert said in mail.taken[0].text


def test_the_settings_make_the_ways(tmp_path: Path, clock: ManualClock) -> None:
    settings = load_settings(
        home=tmp_path / "home", alert_email="ops@nord.example.invalid",
        alert_webhook_url="https://ops.example.invalid/alerts", alert_webhook_secret=SECRET,
    )  # fmt: skip
    app = assemble(settings, clock)
    ways = {channel: (to, sender.name) for channel, to, sender in app.alert_senders}
    app.close()
    assert ways["email"][0] == "ops@nord.example.invalid"
    assert ways["push"] == ("alerts", "webhook")
    with pytest.raises(Exception, match="ALERT_WEBHOOK_SECRET"):
        load_settings(home=tmp_path / "home", alert_webhook_url="https://ops.example.invalid/alerts")


@pytest.mark.slow
def test_a_mail_server_gets_one_mail_that_names_the_shop_and_the_way_back(app: App, tmp_path: Path) -> None:
    with mail_server(Journal(tmp_path / "journal")) as (mails, address):
        sender = SmtpSender(address, app.clock)
        app.__dict__["alert_senders"] = (("email", "ops@nord.example.invalid", sender),)
        raised(app)
        assert tell(app) == 1
    (taken,) = mails.taken
    text = taken.decode()
    assert f"Subject: Second Order: run stopped ({SHOP})" in text
    assert "It stopped." in text
    assert f"{app.settings.public_url}/ui" in text


@pytest.mark.slow
def test_a_webhook_is_signed_and_repeated_under_the_same_id_until_it_is_taken(app: App) -> None:
    got: list[Request] = []

    def receiver(request: Request) -> Reply:
        got.append(request)
        return Reply(503 if len(got) == 1 else 200, {})

    server = FaultServer(receiver)
    try:
        reach = Reach(allows_loopback=True)
        sender = WebhookSender(f"{server.url}/alerts", SECRET, app.clock, reach=reach)
        app.__dict__["alert_senders"] = (("push", "alerts", sender),)
        raised(app)
        assert (tell(app), tell(app), tell(app)) == (0, 1, 0)
        sender.close()
    finally:
        server.stop()
    assert len(got) == 2
    assert got[0].headers["webhook-id"] == got[1].headers["webhook-id"]
    signed = {name: got[1].headers[name] for name in ("webhook-id", "webhook-signature")}
    stamp = {"webhook-timestamp": got[1].headers["webhook-timestamp"]}
    expected = Webhook(SECRET).sign(signed["webhook-id"], app.clock.now(), got[1].body.decode())
    assert signed["webhook-signature"] == expected
    assert stamp["webhook-timestamp"] == str(int(app.clock.now().timestamp()))


@pytest.mark.parametrize("scope", [SHOP, "*"])
def test_i14_what_a_person_wrote_leaves_without_addresses_numbers_and_names(app: App, scope: str) -> None:
    from agent.runs import set_switch

    by(app, mail=(mail := Answers([ok(app)])))
    with app.store.unit_of_work() as uow:
        uow.contacts.upsert(SHOP, contacts(contact("p1", first_name="Zdenka", last_name="Nordmann")))
    ada = Principal(
        id="ada", name="Ada", grants=(Grant(shop_id=SHOP, role="admin"), Grant(shop_id=SHOP, role="approver"))
    )
    wrote = "Zdenka Nordmann (zdenka@people.example.invalid, +49 1520 1234567) complained"
    set_switch(app.store, app.clock, ada, scope, is_stopped=True, reason=wrote)
    assert tell(app) == 1
    said = json.dumps([message.model_dump(mode="json") for message in mail.taken])
    assert "ada stopped all hand-offs" in said
    assert "complained" in said
    for personal in ("people.example.invalid", "1234567", "Zdenka", "Nordmann"):
        assert personal not in said


def test_i14_a_note_on_an_approval_or_a_stopped_run_leaves_without_people_too(app: App) -> None:
    by(app, mail=(mail := Answers([ok(app)])))
    with app.store.unit_of_work() as uow:
        uow.contacts.upsert(SHOP, contacts(contact("p1", first_name="Zdenka", last_name="Nordmann")))
        run = Run(
            id="r1", shop_id=SHOP, kind="tick", schedule_id="", slot="now", slot_at=app.clock.now(),
            started_at=app.clock.now(), status="running",
        )  # fmt: skip
        uow.runs.fire(run)
    wrote = "Zdenka Nordmann (zdenka@people.example.invalid) complained"
    assert stop(app, run, "by_hand", "ada@nord.example.invalid stopped it.", wrote)
    assert tell(app) == 1
    assert "by_hand. ada@nord.example.invalid stopped it. [name] ([email]) complained" in mail.taken[0].text
    with app.store.read() as uow:
        assert wrote in uow.runs.get(run.id).message, "who may read the shop's runs reads what was written"
