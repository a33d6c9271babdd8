"""K10-K12: killed while an approval commits, a schedule fires, or a migration commits."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from alembic import command

from memory import faults
from memory.domain.approval import Approval
from memory.domain.clock import ManualClock
from memory.domain.run import Schedule
from memory.store.engine import Store, open_store
from memory.store.migrations import HEAD, configuration

from .databases import fresh_database, read_rows, remove_file
from .waiting import Template, fresh_copy

COMMIT_POINTS = ("K10", "K11", "K12")
OLD_REVISION = "0003"


def kill_commits(point: str, template: Template, folder: Path, n_kills: int) -> int:
    """Kill at one point `n_kills` times, doing the thing again after each; give how often it went wrong."""
    work = {"K10": _approval, "K11": _slot, "K12": _migration}[point]
    path = folder / f"{point}.db"
    return sum(not work(template, path, number) for number in range(n_kills))


def _approval(template: Template, path: Path, number: int) -> bool:
    """One decision in the end, one entry in the log, whatever died."""
    from agent.approval import decide

    url = fresh_copy(template, path)
    store = open_store(url)
    with store.unit_of_work() as uow:
        approver = next(one for one in uow.principals.all() if one.may("approve", template.shop_id))
        plan = next(iter(uow.plans.all(template.shop_id, "live"))).plan
        version = uow.guardrails.current(template.shop_id).version
        uow.approvals.add(
            Approval(
                id=f"kill-{number}",
                shop_id=template.shop_id,
                plan_id=plan.id,
                guardrail_version=version,
                requested_by="somebody",
                requested_at=template.at,
                expires_at=template.at + timedelta(days=9),
                touched_by=(),
                status="waiting",
            )
        )
    store.close()

    def work(of: Store) -> None:
        decide(of, ManualClock(template.at), approver, f"kill-{number}", "approve")

    killed = _in_child(url, work, "K10")
    is_rolled_back = _one(url, "SELECT status FROM approval WHERE id = :value", f"kill-{number}") == "waiting"
    _in_child(url, work, "")
    n_events = _one(
        url,
        "SELECT count(*) FROM audit_entry WHERE action = 'approval.approve' AND CAST(detail AS TEXT) LIKE :value",
        f'%"kill-{number}"%',
    )
    return (
        killed
        and is_rolled_back
        and n_events == 1
        and _one(url, "SELECT status FROM approval WHERE id = :value", f"kill-{number}") == "approved"
    )


def _slot(template: Template, path: Path, number: int) -> bool:
    """The slot fires once: not lost with the process that noticed it, not twice with the next."""
    from agent.runs.firing import fire_due

    url, now = fresh_copy(template, path), template.at + timedelta(hours=number + 1)
    store = open_store(url)
    with store.unit_of_work() as uow:
        uow.runs.schedule(
            Schedule(
                id="s",
                shop_id=template.shop_id,
                kind="tick",
                every="hour",
                zone="UTC",
                created_by="t",
                created_at=now - timedelta(minutes=30),
            )
        )
    store.close()

    def work(of: Store) -> None:
        fire_due(of, ManualClock(now))

    killed = _in_child(url, work, "K11")
    _in_child(url, work, "")
    _in_child(url, work, "")
    return killed and _one(url, "SELECT count(*) FROM run WHERE schedule_id = :value", "s") == 1


def _migration(template: Template, path: Path, number: int) -> bool:
    """The old tables, or all of the new ones."""
    remove_file(path)
    url = f"sqlite:///{path}" if not template.server else fresh_database(template.server, "secondorder_faults_k12")

    def old(of: Store) -> None:
        with of.engine.connect() as connection, connection.begin():
            command.upgrade(configuration(connection), OLD_REVISION)

    def new(of: Store) -> None:
        of.migrate()

    _in_child(url, old, "")
    killed = _in_child(url, new, "K12")
    is_old = _one(url, "SELECT version_num FROM alembic_version WHERE 1 = :value", 1) == OLD_REVISION
    _in_child(url, new, "")
    return killed and is_old and _one(url, "SELECT version_num FROM alembic_version WHERE 1 = :value", 1) == HEAD


def _in_child(url: str, work: Callable[[Store], None], point: str) -> bool:
    """Do the work in a child that may be killed; say whether it was. Raise where it failed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            faults.arm(point, "test")
            work(open_store(url))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise RuntimeError(f"the child failed at {point or 'no point'}")
    return os.WIFSIGNALED(status)


def _one(url: str, query: str, value: object) -> object:
    rows = read_rows(url, query, value=value)
    return rows[0][0] if rows else None
