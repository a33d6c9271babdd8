"""The durable engine: DBOS carries out runs, one workflow per run, on SQLite and PostgreSQL alike.

Workflows never wait: a gate ends one, and the approval starts the next. So a deploy finds nothing asleep, and what a
dead process left is resumed by whoever lives, or begun anew where its version is gone.
"""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url

from memory.domain.run import Run

from .steps import STEPS, carry_out, stop

if TYPE_CHECKING:
    from agent.assembly import App

RUNS_VERSION = "runs-1"
"""Raised only when the steps of a run change so that older code could not carry them on."""
QUEUE = "runs"
MOST_TURNS = 5
"""A run that was begun so often and never ended is stopped."""
ALIVE = frozenset({"PENDING", "ENQUEUED", "DELAYED"})


class RunEngine:
    """One process's part in carrying out runs. A process has at most one."""

    def __init__(self, app: "App", base: str = "worker", *, version: str = RUNS_VERSION) -> None:
        """Take a name that no other process ever has: two with one name would both carry out a step in flight."""
        self.name, self.version = f"{base}-{secrets.token_hex(4)}", version
        self._app = app
        self._workflow: Callable[..., Any] | None = None

    def start(self) -> None:
        """Open the engine's tables and take up what waits in its queue."""
        from dbos import DBOS, DBOSPortableJSONSerializer

        DBOS(
            config={
                "name": "second-order",
                "system_database_url": engine_url(self._app),
                "application_version": self.version,
                "executor_id": self.name,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "CRITICAL",
                "enable_otlp": False,
                "notification_listener_polling_interval_sec": 1.0,
            }
        )
        app = self._app

        @DBOS.workflow(name="run")
        def workflow(run_id: str, kind: str) -> str:
            status = "running"
            for step in STEPS[kind]:
                status = DBOS.run_step({"name": step}, carry_out, app, run_id, step)
                if status != "running":
                    break
            return status

        self._workflow = workflow
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=0.2)

    def stop(self, *, seconds: int = 10) -> None:
        """Let steps in flight end for up to `seconds`, then close."""
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=seconds)
        self._workflow = None

    def sweep(self, living: frozenset[str]) -> None:
        """See that every running run has a workflow that somebody carries out; `living` names the live workers."""
        with self._app.store.read() as uow:
            running = uow.runs.open("running")
        for run in running:
            self._see_to(run, living)

    def _see_to(self, run: Run, living: frozenset[str]) -> None:
        from dbos import DBOS

        status = DBOS.get_workflow_status(_workflow_id(run))
        if status is None:
            self._submit(run)
        elif status.status not in ALIVE:
            self._again(run, f"its workflow ended as {status.status.lower()}")
        elif status.status == "PENDING" and status.executor_id not in living:
            if status.app_version == self.version:
                DBOS.resume_workflow(_workflow_id(run))
            else:
                self._again(run, "its version is gone")
        elif status.status == "ENQUEUED" and status.app_version != self.version and not self._lives(status.app_version):
            self._again(run, "its version is gone")

    def _lives(self, version: str | None) -> bool:
        from .worker import live_workers

        return any(one.version == version for one in live_workers(self._app))

    def _submit(self, run: Run) -> None:
        from dbos import DBOS, SetWorkflowID

        assert self._workflow is not None
        with SetWorkflowID(_workflow_id(run)):
            DBOS.enqueue_workflow(QUEUE, self._workflow, run.id, run.kind)

    def _again(self, run: Run, why: str) -> None:
        """Begin a run anew: its steps skip what is done."""
        with self._app.store.read() as uow:
            if uow.runs.get(run.id).status != "running":
                return
        if run.turn >= MOST_TURNS:
            stop(self._app, run, "workflow_failed", why)
            return
        with self._app.store.unit_of_work() as uow:
            moved = uow.runs.move(run, turn=run.turn + 1)
        if moved:
            self._submit(run.model_copy(update={"turn": run.turn + 1}))


def engine_url(app: "App") -> str:
    """Give where the engine keeps its tables: beside the store on SQLite, in a schema of its own on PostgreSQL."""
    url = make_url(app.settings.database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{app.settings.home / 'runs.db'}"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _workflow_id(run: Run) -> str:
    return f"{run.id}.{run.turn}"
