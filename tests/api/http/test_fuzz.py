"""Every route, fuzzed from its own documentation: no answer it does not document, and none of the 500s.

A few requests to each of a hundred routes; `python -m tests.api.http.fuzz --examples 50` is the long form.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.app import create_api
from memory.domain.clock import ManualClock
from tests.api.conftest import token_of
from tests.factories.shop import a_shop
from tests.factories.small_shop import ANCHOR_AT

from .fuzz import LEFT_OUT

pytestmark = pytest.mark.slow
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


class Fuzzed:
    """One application for all examples; made when the module's first test needs it."""

    app: App
    headers: dict[str, str]
    api: FastAPI


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    made = Fuzzed()
    made.app = assemble(
        load_settings(home=Path(tmp_path_factory.mktemp("fuzz")) / "home", requests_per_minute=100_000),
        ManualClock(ANCHOR_AT),
    )
    with made.app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    made.headers = token_of(made.app, "ann", "admin", "approver", "marketer", "evaluator")
    made.api = create_api(made.app)
    yield made
    made.app.close()


LIMITS = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_documented_request_breaks_a_route(fuzzed: Fuzzed) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", fuzzed.api)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 35
    problems = [problem for operation in operations if (problem := _fuzz(operation, fuzzed.headers))]
    assert not problems, "\n\n".join(problems)


def _fuzz(operation: Any, headers: dict[str, str]) -> str:
    """Send generated requests to one route; give the first broken promise in words, or nothing."""

    n_examples = 6 if re.match(LEFT_OUT, operation.path) else 2  # those routes have no long form

    @settings(LIMITS, max_examples=n_examples)
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=120)

    try:
        send()
    except (Exception, BaseExceptionGroup) as error:
        return f"{operation.label}: {str(error)[:1500]}"
    return ""
