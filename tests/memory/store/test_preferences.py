"""What people chose: what stands, and every change of it with its time."""

from datetime import UTC, datetime, timedelta

from memory.domain.preference import Preference
from memory.store.engine import Store

AT = datetime(2026, 12, 1, tzinfo=UTC)


def test_what_stands_is_the_latest_and_every_change_is_kept_once(store: Store) -> None:
    first, then = Preference(channel="sms"), Preference(channel="email", topics_off=("offers",), paused_until=AT)
    with store.unit_of_work() as uow:
        for hours, said in enumerate((first, first, then)):
            uow.preferences.put("nord", "p1", said, AT + timedelta(hours=hours))
        uow.preferences.put("nord", "p2", Preference(frequency="fewer"), AT)
    with store.read() as uow:
        assert uow.preferences.of("nord", "p1") == then
        history = uow.preferences.history("nord", "p1")
        assert [(one.at, one.preference) for one in history] == [(AT, first), (AT + timedelta(hours=2), then)]
        assert uow.preferences.table("nord", ["p1", "p2"])["preferred_channel"].to_pylist() == ["email", ""]
        assert uow.preferences.history("sud", "p1") == ()


def test_since_when_a_channel_is_asked_for_outlasts_other_changes_of_the_page(store: Store) -> None:
    said = {
        "kept": (Preference(channel="sms"), Preference(channel="sms", topics_off=("offers",))),
        "changed": (Preference(channel="sms"), Preference(channel="email")),
        "again": (Preference(channel="sms"), Preference(), Preference(channel="sms")),
        "gone": (Preference(channel="sms"), Preference()),
        "never": (Preference(frequency="fewer"),),
    }
    with store.unit_of_work() as uow:
        for person, changes in said.items():
            for hours, one in enumerate(changes):
                uow.preferences.put("nord", person, one, AT + timedelta(hours=hours))
    with store.read() as uow:
        since = uow.preferences.asked_since("nord", said)
        assert uow.preferences.asked_since("sud", said) == {}
    assert since == {"kept": AT, "changed": AT + timedelta(hours=1), "again": AT + timedelta(hours=2)}


def test_erasing_a_person_takes_their_history_along(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.preferences.put("nord", "p1", Preference(channel="sms"), AT)
        counts = uow.erasures.erase(["p1"], ["nord"], [], AT)
    assert (counts["preference"], counts["preference_event"]) == (1, 1)
    with store.read() as uow:
        assert uow.preferences.history("nord", "p1") == ()
