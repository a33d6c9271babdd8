"""Users, roles and edits in any order against a plain model: `python -m tests.agent.approval.four_eyes` (D1, I7).

The oracle keeps its own list of who touched which content and who holds which role; it reads the store only to ask
what may go.
"""

import argparse
import random
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.access import grant_role
from agent.approval import approved_plan, decide, request
from memory.domain.clock import ManualClock
from memory.domain.errors import SecondOrderError
from memory.domain.plan import Plan
from memory.domain.principal import Grant, Principal, Role
from memory.store.engine import Store, open_store
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import good_plan

PEOPLE = ("ann", "bob", "cid", "dan")
ROLES: tuple[Role, ...] = ("marketer", "approver", "admin", "agent")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass
class World:
    """The store, and what the oracle believes."""

    store: Store
    clock: ManualClock
    plans: tuple[Plan, ...]
    touched: dict[str, set[str]] = field(default_factory=dict)
    roles: dict[str, set[Role]] = field(default_factory=dict)
    active: set[str] = field(default_factory=lambda: set(PEOPLE))
    asked: set[str] = field(default_factory=set)
    """Ids of plans whose request nobody decided, as far as the oracle heard."""
    approvals: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)
    """Plan id to (approver, guardrail version, expiry), as the oracle heard it."""
    version: str = ""
    n_guardrails: int = 0
    n_approved: int = 0
    n_went: int = 0
    n_refused: int = 0

    def start(self) -> None:
        with self.store.unit_of_work() as uow:
            uow.shops.add(a_shop())
            for name in (*PEOPLE, "root"):
                role: tuple[Grant, ...] = (Grant(shop_id="nord", role="admin"),) if name == "root" else ()
                uow.principals.add(Principal(id=name, name=name, grants=role), AT, "system")
                self.roles[name] = {"admin"} if name == "root" else set()
            self.version = uow.guardrails.put("nord", guardrails(), "root", AT, "first")
        for name, role_ in (("ann", "marketer"), ("bob", "approver"), ("cid", "approver"), ("dan", "admin")):
            self.grant("root", name, role_)  # type: ignore[arg-type]

    def who(self, name: str) -> Principal:
        with self.store.read() as uow:
            return uow.principals.get(name)

    def grant(self, by: str, name: str, role: Role) -> None:
        with self.store.unit_of_work() as uow:
            grant_role(uow, uow.principals.get(by), name, "nord", role, self.clock.now())
        self.roles[name].add(role)

    def touch(self, name: str, plan: Plan) -> None:
        with self.store.unit_of_work() as uow:
            uow.principals.get(name).require("plan", "nord")
            uow.plans.put(plan, name, (), self.clock.now())
        self.touched.setdefault(plan.id, set()).add(name)

    def ask(self, name: str, plan: Plan) -> None:
        made = request(self.store, self.clock, self.who(name), plan.id)
        if made.requested_by == name:
            self.touched[plan.id].add(name)
        self.asked.add(plan.id)

    def approve(self, name: str, plan: Plan) -> None:
        with self.store.read() as uow:
            waiting = next((one for one in uow.approvals.of_plan(plan.id) if one.status == "waiting"), None)
        self.asked.discard(plan.id)
        if waiting is None:
            return
        done = decide(self.store, self.clock, self.who(name), waiting.id, "approve")
        self.n_approved += 1
        assert name not in self.touched[plan.id], f"{name} approved what they touched"
        assert name in self.active
        assert "approver" in self.roles[name], f"{name} approved without the role"
        assert done.guardrail_version == self.version, "approved under other guardrails"
        assert done.expires_at > self.clock.now(), "approved after the expiry"
        self.approvals[plan.id] = (name, done.guardrail_version, done.expires_at)

    def send_back(self, name: str, plan: Plan) -> None:
        with self.store.read() as uow:
            waiting = next((one for one in uow.approvals.of_plan(plan.id) if one.status == "waiting"), None)
        self.asked.discard(plan.id)
        if waiting is None:
            return
        decide(self.store, self.clock, self.who(name), waiting.id, "send_back")
        self.approvals.pop(plan.id, None)

    def go(self, plan: Plan) -> None:
        found = approved_plan(self.store, self.clock, plan.id)
        self.n_went += 1
        assert plan.id in self.approvals, "went although the last decision sent it back"
        by, version, until = self.approvals[plan.id]
        assert found.approval.decided_by == by
        assert by not in self.touched[plan.id], "went with the approval of somebody who touched it"
        assert by in self.active, "went with the approval of somebody deactivated"
        assert "approver" in self.roles[by], "went with the approval of somebody who lost the role"
        assert version == self.version, "went under other guardrails"
        assert until > self.clock.now(), "went after the expiry"

    def step(self, dice: random.Random) -> None:
        """Do one thing, allowed or not; a refusal is an answer."""
        role = dice.choice(ROLES)
        kind = dice.choices(
            ("touch", "ask", "approve", "send_back", "go", "grant", "revoke", "guardrails", "wait", "leave"),
            (12, 20, 32, 4, 18, 8, 3, 0.7, 1, 0.3),
        )[0]
        plan = self.likely(kind, dice)
        try:
            self.act(kind, self.likely_name(kind, plan, dice), plan, role, dice)
        except SecondOrderError:
            self.n_refused += 1

    def likely(self, kind: str, dice: random.Random) -> Plan:
        """Give a plan with which the step can come to something, and now and then any plan.

        Most plans are not drafted or not asked for: steps that take any plan end before the rules are looked at.
        """
        now = [plan for plan in self.plans if plan.guardrail_version == self.version]
        fitting = {
            "ask": [plan for plan in now if plan.id in self.touched],
            "approve": [plan for plan in self.plans if plan.id in self.asked],
            "send_back": [plan for plan in self.plans if plan.id in self.asked],
            "go": [plan for plan in self.plans if plan.id in self.approvals],
        }.get(kind, now)
        return dice.choice(fitting if fitting and dice.random() < 0.9 else self.plans)

    def likely_name(self, kind: str, plan: Plan, dice: random.Random) -> str:
        """Give somebody who has the role for the step, and just as often anybody; approvers include who touched it."""
        wanted: Role = "approver" if kind in ("approve", "send_back") else "marketer"
        fitting = [name for name in PEOPLE if wanted in self.roles[name] and name in self.active]
        if kind == "approve" and dice.random() < 0.5:
            fitting = [name for name in fitting if name not in self.touched.get(plan.id, set())]
        return dice.choice(fitting if fitting and dice.random() < 0.6 else PEOPLE)

    def act(self, kind: str, name: str, plan: Plan, role: Role, dice: random.Random) -> None:
        """Do one thing; raises what refuses it."""
        match kind:
            case "touch":
                self.touch(name, plan)
            case "ask":
                self.ask(name, plan)
            case "approve":
                self.approve(name, plan)
            case "send_back":
                self.send_back(name, plan)
            case "go":
                self.go(plan)
            case "grant":
                self.grant(dice.choice((*PEOPLE, "root")), name, role)
            case "revoke":
                with self.store.unit_of_work() as uow:
                    uow.principals.revoke(name, Grant(shop_id="nord", role=role))
                self.roles[name].discard(role)
            case "guardrails":
                self._change_guardrails()
            case "wait":
                self.clock.advance(timedelta(days=dice.randint(1, 8)))
            case _:
                if name in self.active and len(self.active) > 3:
                    with self.store.unit_of_work() as uow:
                        uow.principals.deactivate(name)
                    self.active.discard(name)

    def _change_guardrails(self) -> None:
        """Two versions in turn, so that plans of either come up again."""
        self.n_guardrails += 1
        changed = guardrails(min_holdout_rate=0.06) if self.n_guardrails % 2 else guardrails()
        with self.store.unit_of_work() as uow:
            self.version = uow.guardrails.put("nord", changed, "root", self.clock.now(), "")


def plans() -> tuple[Plan, ...]:
    """Give plans under both versions of the guardrails."""
    plan = good_plan()
    other = guardrails(min_holdout_rate=0.06).version
    names = ("A", "B", "C", "D", "E", "F")
    first = tuple(plan.model_copy(update={"title": name}) for name in names)
    return (*first, *(one.model_copy(update={"guardrail_version": other}) for one in first))


def world(folder: Path) -> World:
    """Give a fresh world."""
    store = open_store(f"sqlite:///{folder / 'world.db'}")
    store.migrate()
    made = World(store, ManualClock(AT), plans())
    made.start()
    return made


def run(folder: Path, n_steps: int, seed: int, every: int = 120) -> tuple[int, int, int]:
    """Take so many steps, in a fresh world every `every`; give how often approved, gone and refused."""
    dice, totals = random.Random(seed), [0, 0, 0]
    done = 0
    while done < n_steps:
        (folder / str(done)).mkdir()
        made = world(folder / str(done))
        for _ in range(min(every, n_steps - done)):
            made.step(dice)
        made.store.close()
        totals = [sum(pair) for pair in zip(totals, (made.n_approved, made.n_went, made.n_refused), strict=True)]
        done += every
    return totals[0], totals[1], totals[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        n_approved, n_went, n_refused = run(Path(folder), given.steps, given.seed)
    print(
        f"{given.steps} steps (seed {given.seed}): {n_approved} approved, {n_went} went, {n_refused} refused, 0 wrong"
    )


if __name__ == "__main__":
    main()
