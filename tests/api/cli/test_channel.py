"""`secondorder channel`, `outbox` and `report channels` as their user runs them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from memory.domain.circuit import LONGEST_REST, Circuit
from memory.store.warm_ups import WarmUp
from tests.factories.sends import a_send
from tests.servers.journal import Journal
from tests.servers.mail import mail_server

from .conftest import Run

NOW = datetime.now(UTC)  # noqa: TID251  commands run on the machine's clock


def test_channels_are_listed_with_what_they_speak(run: Run, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {one["channel"]: one for one in run("channel", "list", "--json").json}
    assert {one["sender"] for one in found.values()} == {"mailbox"}
    for name, value in (("ACCOUNT", "AC1"), ("TOKEN", "sms-canary"), ("FROM", "+15005550006")):
        monkeypatch.setenv(f"SECONDORDER_TWILIO_{name}", value)
    said = run("channel", "list", "--json")
    found = {one["channel"]: one for one in said.json}
    assert (found["sms"]["sender"], found["sms"]["kind"], found["sms"]["is_live"]) == ("twilio", "queryable", True)
    assert "canary" not in said.out


def test_a_test_message_arrives_and_a_refusal_says_why(
    run: Run, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(Journal(tmp_path / "journal")) as (mails, url):
        monkeypatch.setenv("SECONDORDER_SMTP_URL", url)
        assert run("channel", "test", "email", "--to", "me@people.example.invalid").code == 0
        refused = run("channel", "test", "email", "--to", "refused@people.example.invalid")
    assert len(mails.taken) == 1
    assert b"this is a test of the email channel" in mails.taken[0]
    assert refused.code == 1
    assert "550" in refused.out
    assert run("channel", "test", "pigeon", "--to", "x").code == 2


def test_a6_an_open_circuit_is_seen_by_outbox_and_doctor(run: Run, shop: str, tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    with app.store.unit_of_work() as uow:
        until = datetime.now(UTC) + LONGEST_REST  # noqa: TID251  commands run on the machine's clock
        broken = Circuit(state="open", n_failures=5, n_openings=1, until=until, reason="http 503")
        uow.circuits.put(shop, "sms", "mailbox", broken, NOW)
    app.close()
    assert "sms: circuit open, http 503" in run("outbox").out
    channels = {one["channel"]: one for one in run("outbox", "--json").json["channels"]}
    assert (channels["sms"]["circuit"], channels["email"]["circuit"]) == ("open", "closed")
    found = {one["part"]: one for one in run("doctor", "--json").json}["channels"]
    assert found["state"] == "bad"
    assert "nord:sms open until" in found["found"]


def test_held_mails_are_shown_per_channel_and_the_warm_up_is_ended_by_an_admin(
    run: Run, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDORDER_SMTP_URL", "smtp://127.0.0.1:9")
    app = assemble(load_settings(home=tmp_path / "home"))
    with app.store.unit_of_work() as uow:
        domain = uow.shops.get(shop).sender_email.rpartition("@")[2]
        paused = WarmUp(domain=domain, started_at=NOW, counted_from=NOW, paused_at=NOW, reason="2 complaints")
        uow.warm_ups.put(shop, paused)
        for number in range(3):
            a_send(uow, shop, f"k{number}", "p", "email", NOW, state="planned", reason="warm_up", receipt="")
        a_send(uow, shop, "k9", "p", "push", NOW)
    app.close()
    counts = {(one["channel"], one["state"], one["reason"]): one["n_messages"]
              for one in run("outbox", "--json").json["counts"]}  # fmt: skip
    assert counts == {("email", "planned", "warm_up"): 3, ("push", "sent", ""): 1}
    assert "3 mails wait while the sending domain warms up" in run("outbox").out
    assert "paused: 2 complaints" in run("channel", "list").out.replace("\n", " ")
    assert run("channel", "warm-up").code == 2
    assert run("channel", "warm-up", "--resume", "--json").json["paused_at"] is None
    assert run("channel", "warm-up", "--resume").code != 0
    assert run("channel", "warm-up", "--done", "--json").json["is_done"] is True


def test_s2_28_the_report_by_channel_names_the_app(run: Run, shop: str) -> None:
    found = run("report", "channels", "--json").json
    assert [one["channel"] for one in found["messages"]] == ["email", "push", "sms"]
    assert found["orders"][0]["channel"] == "app"
    assert "push" in run("report", "channels").out


def test_a2_an_unknown_message_is_listed_settled_with_a_note_and_never_sent(
    run: Run, shop: str, tmp_path: Path
) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    with app.store.unit_of_work() as uow:
        a_send(uow, shop, "k0", "p", "email", NOW, state="unknown", reason="lease_lapsed", receipt="")
    app.close()
    assert run("outbox", "--json").json["unknown"][0]["send_key"] == "k0"
    assert run("settle", "k0", "--was", "maybe", "--note", "x").code == 2
    assert run("settle", "k0", "--was", "not-sent", "--note", " ").code == 2
    done = run("settle", "k0", "--was", "not-sent", "--note", "not in the provider's list", "--json")
    assert (done.code, done.json["has_left"], done.json["send_keys"]) == (0, False, ["k0"])
    assert run("outbox", "--json").json["unknown"] == []
    assert run("settle", "k0", "--was", "sent", "--note", "again").code == 2
    said = run("audit", "list", "--json").json[-1]
    assert (said["action"], said["detail"]["as"]) == ("send.settle", "not_sent")
