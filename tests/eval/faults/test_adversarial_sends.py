"""Attacks through the whole stack (C3, B5), the short form; judged from the provider's journal and the database."""

from unittest.mock import patch

import pytest

from agent.dispatch import claim, hand
from agent.dispatch.second import Second
from agent.verify import message
from eval.faults import adversarial_sends
from eval.faults.adversarial_sends import attack
from eval.faults.attacks import ATTACKS, INTENDED
from memory.domain.outcome import Allowed

pytestmark = pytest.mark.slow


def test_c3_no_attack_reaches_the_provider_and_every_honest_message_does() -> None:
    """Every second attack has only the second checker before it."""
    report = attack(12, seed=7)
    assert report.holds, report.delivered
    assert (report.n_attacks, report.n_blind) == (12, 6)
    assert report.n_controls == report.n_controls_delivered > 0


@pytest.mark.long
def test_s2_22_messages_for_a_state_that_nobody_is_in_are_stopped_and_by_nothing_but_the_look_at_intent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of them with the claim's look taken out; planted: then without that of the second checker too."""
    monkeypatch.setattr(adversarial_sends, "ATTACKS", INTENDED)
    monkeypatch.setattr(adversarial_sends, "SPOILS", ())
    report = attack(2 * len(INTENDED), seed=7)
    assert report.holds, report.delivered
    monkeypatch.setattr(message, "intent", lambda *_: ())
    assert set(attack(2 * len(INTENDED), seed=7).delivered) == {each.__name__ for each in INTENDED}


def test_c3_without_both_checkers_the_attacks_get_through() -> None:
    """The planted bug, so that the oracle is known to see."""
    blind = (
        patch.object(claim, "check", lambda *_: None),
        patch.object(hand, "consent_refusal", lambda *_: ""),
        patch.object(Second, "verdict", lambda *_, **__: Allowed()),
    )
    with blind[0], blind[1], blind[2]:
        report = attack(4, seed=7)
    assert report.n_delivered > 4
    assert not report.holds
    assert len(ATTACKS) > 20
