"""A day's messages chosen together, as a tick does: decisions of people and steps, channels as options, one budget.

Who chooses is a port (`Chooser`), so that two ways to choose can be held against each other with all else equal. The
quick way (`living`) takes the best value per person and class instead where no chooser is given.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from eval.gym.catalogue import Flags, Floats, Ints
from tools.allocation import Choice, Options, choose

from .options import Option
from .state import CLASSES

NO_LIMIT = 10**9


class Chooser(Protocol):
    """Chooses per decision of a day."""

    def __call__(self, options: Options, budget_millis: int) -> Ints:
        """Give the position of each decision's option; -1 for nothing. Budget, grants and caps are kept."""
        ...


class Wanted(NamedTuple):
    """One option of the day with whom it may go to."""

    option: Option
    """What would be sent."""
    who: Ints
    """Positions of people it is open for."""
    net_minor: Floats
    """What it is thought to be worth to each, less its cost."""


class Room(NamedTuple):
    """What is left on a day."""

    free_slots: Mapping[str, Ints]
    """Per class and person: messages that caps still allow."""
    free_grants: Mapping[str, int]
    """Per offer: how often it may still be granted; an offer without a limit is missing."""
    budget_millis: int
    """Money, in thousandths of a cent."""


def planned_choice(options: Options, budget_millis: int) -> Choice:
    """Choose as a tick does (`tools.allocation.choose`), nothing left to chance."""
    none = np.ones(len(options.starts))
    return choose(options, budget_millis, 0.0, none, none)


def chosen_together(wanted: Sequence[Wanted], room: Room, chooser: Chooser) -> list[tuple[Option, Ints]]:
    """Give whom each option goes to, positions of people ascending; options that nobody gets are left out."""
    there = [one for one in wanted if len(one.who)]
    if not there:
        return []
    options, place, person = _posed(there, room)
    picked = chooser(options, room.budget_millis)
    taken = picked[picked >= 0]
    return [(one.option, np.sort(person[taken[place[taken] == k]])) for k, one in enumerate(there)]


def _posed(wanted: list[Wanted], room: Room) -> tuple[Options, Ints, Ints]:
    """Give the options by person, step and channel, and of each which entry of `wanted` and whom it is for."""
    sizes = [len(one.who) for one in wanted]
    steps = sorted({one.option.step for one in wanted})
    offers = sorted({one.option.offer_id for one in wanted})

    def per_option(values: Sequence[float]) -> Floats:
        return np.repeat(np.asarray(values, dtype=np.float64), sizes)

    person, place = np.concatenate([one.who for one in wanted]), np.repeat(np.arange(len(wanted)), sizes)
    step = per_option([steps.index(one.option.step) for one in wanted]).astype(np.int64)
    channel = per_option([one.option.channel for one in wanted])
    order = np.lexsort((channel, step, person))
    person, place, step = person[order], place[order], step[order]
    starts = np.flatnonzero(np.append(True, (person[1:] != person[:-1]) | (step[1:] != step[:-1])))
    net = np.concatenate([one.net_minor for one in wanted])[order]
    allowed: Flags = np.isfinite(net)
    kind = np.array([CLASSES.index(one.option.message_class) for one in wanted])[place]
    slots = np.stack([room.free_slots[name] for name in CLASSES])
    grants = np.array([room.free_grants.get(name, NO_LIMIT) for name in offers])
    offer = np.array([offers.index(one.option.offer_id) for one in wanted])[place]
    cost = np.array([round(1000 * one.option.planned_minor) for one in wanted])[place]
    return (
        Options(
            starts=starts,
            allowed=allowed,
            net_millis=np.round(1000 * np.where(allowed, net, 0)).astype(np.int64),
            cost_millis=cost,
            cap_group=person[starts] * len(CLASSES) + kind[starts],
            free_slots=slots[kind[starts], person[starts]],
            offer=offer,
            free_grants=grants[offer],
        ),
        place,
        person,
    )
