from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eval.gym.mailbox import Invariant, Letter, check_letters, read_letters
from memory.domain.clock import ManualClock
from memory.domain.guardrails import FrequencyCap
from memory.domain.message import MessageKind, Rendered
from tools.channels.mailbox import MailboxSender

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
CAP = FrequencyCap(message_class="promotional", max_messages=2, window_days=7)


def letter(key: str, to: str = "a@us.example", days: float = 0, *, one_click: bool = True) -> Letter:
    return Letter(key, to, True, START + timedelta(days=days), one_click)


OWNERS = {"a@us.example": "ann", "+12025550100": "ann", "b@us.example": "bob"}


def check(*letters: Letter, kind: MessageKind = "cross_sell", control: tuple[str, ...] = ()) -> dict[str, Invariant]:
    found = check_letters(letters, {row.key: kind for row in letters}, OWNERS, set(control), (CAP,))
    return {invariant.name: invariant for invariant in found}


def test_s2_44_three_in_a_rolling_week_break_the_cap_and_three_in_eight_days_do_not() -> None:
    name = "at most 2 promotional in 7 days"
    assert not check(letter("1"), letter("2", days=3), letter("3", days=6.9))[name].holds
    assert check(letter("1"), letter("2", days=3), letter("3", days=7))[name].holds
    assert check(letter("1"), letter("2", to="b@us.example", days=1), letter("3", days=2))[name].holds


def test_s2_44_a_text_and_two_mails_count_together() -> None:
    letters = (letter("1"), letter("2", days=1), letter("3", to="+12025550100", days=2))
    assert not check(*letters)["at most 2 promotional in 7 days"].holds


def test_s2_44_other_classes_do_not_count() -> None:
    letters = [letter(str(k), days=k) for k in range(5)]
    assert check(*letters, kind="care_guide")["at most 2 promotional in 7 days"].holds


def test_i5_a_letter_to_the_control_group_is_found() -> None:
    assert not check(letter("1"), control=("ann",))["no letter to the control group"].holds
    assert check(letter("1"), control=("bob",))["no letter to the control group"].holds


def test_a_missing_one_click_header_and_a_repeated_key_are_found() -> None:
    assert not check(letter("1", one_click=False))["one click unsubscribes"].holds
    assert not check(letter("1"), letter("1"))["no letter twice"].holds


def test_letters_are_read_from_the_files(tmp_path: Path) -> None:
    sender = MailboxSender(tmp_path, ManualClock(START))
    fields = {"message_class": "promotional", "text": "Hello", "sender": "shop@x.example", "language": "en"}
    mail = Rendered.model_validate(
        fields
        | {"send_key": "ab1", "channel": "email", "to": "a@us.example", "subject": "Grüße 你好"}
        | {"unsubscribe_url": "https://x.example/u/1"}
    )
    text = Rendered.model_validate(fields | {"send_key": "cd2", "channel": "sms", "to": "+12025550100"})
    for message in (mail, text):
        sender.hand_off(message)
    assert read_letters(tmp_path) == [
        Letter("ab1", "a@us.example", True, START, True),
        Letter("cd2", "+12025550100", False, START, False),
    ]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_text("Subject: x\r\n\r\nbody", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.eml"):
        read_letters(tmp_path)
