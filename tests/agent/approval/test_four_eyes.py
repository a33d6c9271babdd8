"""Four eyes under any order of users, roles and edits, and under fifty clicks at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from agent.approval import deciding
from memory.domain.approval import ApprovalDecision
from memory.domain.clock import ManualClock
from memory.domain.errors import SecondOrderError
from memory.domain.principal import Role
from memory.store.engine import Store
from tests.agent.approval import four_eyes
from tests.agent.approval.four_eyes import PEOPLE, ROLES, World, run
from tests.factories.approvals import AVA, BEN, requested, with_plan


@pytest.mark.slow
def test_d1_hundreds_of_steps_approve_often_and_hold_no_self_approval(tmp_path: Path) -> None:
    """Short form; `python -m tests.agent.approval.four_eyes` takes 10,000."""
    n_approved, n_went, n_refused = run(tmp_path, 600, seed=11, every=120)
    assert n_approved >= 25
    assert n_went > 20
    assert n_refused > 100


@pytest.mark.slow
@pytest.mark.parametrize("hole", ["barred", "role"])
def test_d1_planted_bug_a_hole_in_the_rules_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hole: str
) -> None:
    """Without the list of who touched it, or without the role, the same steps approve what they must not."""
    real = deciding._refusal

    def leaky(uow, approval, principal, clock):  # type: ignore[no-untyped-def]
        refusal = real(uow, approval, principal, clock)
        name = type(refusal).__name__
        return None if name == ("OwnPlan" if hole == "barred" else "NotPermitted") else refusal

    monkeypatch.setattr(deciding, "_refusal", leaky)
    wanted = "touched" if hole == "barred" else "without the role|deactivated|touched"
    with pytest.raises(AssertionError, match=wanted):
        run(tmp_path, 600, seed=11, every=120)


class FourEyes(RuleBasedStateMachine):
    """Hypothesis looks for an order of a few steps that breaks the oracle, and shrinks it."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self._folder = tempfile.TemporaryDirectory()
        self.world: World = four_eyes.world(Path(self._folder.name))

    @rule(
        kind=st.sampled_from(
            ("touch", "ask", "approve", "send_back", "go", "grant", "revoke", "guardrails", "wait", "leave")
        ),
        name=st.sampled_from(PEOPLE),
        plan=st.integers(0, 1),
        role=st.sampled_from(ROLES),
        dice=st.randoms(use_true_random=False),
    )
    def act(self, kind: str, name: str, plan: int, role: Role, dice: object) -> None:
        try:
            self.world.act(kind, name, self.world.plans[plan], role, dice)  # type: ignore[arg-type]
        except SecondOrderError:
            self.world.n_refused += 1

    @invariant()
    def whoever_approved_never_touched_it_before(self) -> None:
        with self.world.store.read() as uow:
            for plan in self.world.plans[:2]:
                for one in uow.approvals.of_plan(plan.id):
                    assert not one.decided_by or one.decided_by not in {one.requested_by, *one.touched_by}

    def teardown(self) -> None:
        self.world.store.close()
        self._folder.cleanup()


TestFourEyes = FourEyes.TestCase
TestFourEyes.settings = settings(max_examples=6, stateful_step_count=25, deadline=None, derandomize=True)
TestFourEyes = pytest.mark.slow(TestFourEyes)


@pytest.mark.slow
@pytest.mark.parametrize("round_", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2))])
def test_d1_fifty_clicks_at_once_are_one_approval(any_store: Store, clock: ManualClock, round_: int) -> None:
    with_plan(any_store, clock)
    request_id = requested(any_store, clock).id
    barrier = Barrier(50)

    def click(number: int) -> str:
        barrier.wait()
        decision: ApprovalDecision = "approve" if (number + round_) % 3 else "reject"
        try:
            deciding.decide(any_store, clock, (AVA, BEN)[number % 2], request_id, decision)
        except SecondOrderError as error:
            return error.code
        return "counted"

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(click, range(50)))
    assert sorted(set(answers)) == ["AlreadyDecided", "counted"]
    assert answers.count("counted") == 1
    with any_store.read() as uow:
        events = [e for e in uow.audit.entries() if e.action in ("approval.approve", "approval.reject")]
        assert len(events) == 1
        assert uow.audit.verify() >= 51
