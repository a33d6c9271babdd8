"""Counts the mailbox folder: the written files, not the product's own books, say what left and to whom."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from memory.domain.base import Frozen
from memory.domain.guardrails import FrequencyCap
from memory.domain.message import MESSAGE_CLASS, MessageClass, MessageKind

_TO = re.compile(rb"^(To|X-Second-Order-To): (.+?)\r?$", re.MULTILINE)
_DATE = re.compile(rb"^Date: (.+?)\r?$", re.MULTILINE)
_UNSUBSCRIBE = re.compile(rb"^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$", re.MULTILINE)


class Letter(NamedTuple):
    """One file of the mailbox."""

    key: str
    """Send key, the file's name."""
    to: str
    """Address, number or token on it."""
    is_mail: bool
    """Whether it is an e-mail."""
    at: datetime
    """The instant in its Date header."""
    one_click: bool
    """Whether it carries the one-click unsubscribe header."""


class Invariant(Frozen):
    """One promise, and what counting says about it."""

    name: str
    """The promise in words."""
    holds: bool
    """Whether every file keeps it."""
    detail: str
    """What was counted."""


def read_letters(folder: Path) -> list[Letter]:
    """Give every letter of a mailbox folder by file name."""
    return [_letter(path) for path in sorted(folder.rglob("*.eml"))]


def check_letters(
    letters: Iterable[Letter],
    kinds: Mapping[str, MessageKind],
    owners: Mapping[str, str],
    control: set[str],
    caps: Iterable[FrequencyCap],
) -> tuple[Invariant, ...]:
    """Check the letters: nobody of the control group, no cap broken, no key twice, one click to unsubscribe.

    `kinds` gives the message kind per send key, `owners` the person of an address, number or token, and `control`
    the people of the control group. Caps count per person over all channels.
    """
    found = list(letters)
    to_control = sum(owners.get(letter.to, "") in control for letter in found)
    unsigned = sum(not letter.one_click for letter in found if MESSAGE_CLASS[kinds[letter.key]] != "transactional")
    twice = len(found) - len({letter.key for letter in found})
    return (
        _invariant("no letter to the control group", to_control, f"{to_control} of {len(found):,} letters"),
        *(_cap(found, kinds, owners, cap) for cap in caps),
        _invariant("no letter twice", twice, f"{twice} repeated keys"),
        _invariant("one click unsubscribes", unsigned, f"{unsigned} letters without the header"),
    )


def _cap(
    letters: list[Letter], kinds: Mapping[str, MessageKind], owners: Mapping[str, str], cap: FrequencyCap
) -> Invariant:
    per_person: dict[str, list[datetime]] = {}
    for letter in letters:
        if _counts(kinds[letter.key], cap.message_class):
            per_person.setdefault(owners.get(letter.to, letter.to), []).append(letter.at)
    most = max((_most_in_window(times, cap.window_days) for times in per_person.values()), default=0)
    name = f"at most {cap.max_messages} {cap.message_class} in {cap.window_days} days"
    return _invariant(name, max(0, most - cap.max_messages), f"the most anyone got is {most}")


def _counts(kind: MessageKind, message_class: MessageClass) -> bool:
    return MESSAGE_CLASS[kind] == message_class


def _most_in_window(times: list[datetime], days: int) -> int:
    """Give the largest number of instants in any rolling window."""
    times.sort()
    window, start, most = timedelta(days=days), 0, 0
    for end, at in enumerate(times):
        while times[start] <= at - window:
            start += 1
        most = max(most, end - start + 1)
    return most


def _invariant(name: str, n_broken: int, detail: str) -> Invariant:
    return Invariant(name=name, holds=n_broken == 0, detail=detail)


def _letter(path: Path) -> Letter:
    with path.open("rb") as file:
        head = file.read(4096).partition(b"\r\n\r\n")[0]
    to, date = _TO.search(head), _DATE.search(head)
    if to is None or date is None:
        raise ValueError(f"{path.name} is no letter of this product")
    return Letter(
        key=path.stem,
        to=to[2].decode("ascii"),
        is_mail=to[1] == b"To",
        at=parsedate_to_datetime(date[1].decode("ascii")),
        one_click=_UNSUBSCRIBE.search(head) is not None,
    )
