"""Traces by OpenTelemetry: one span per edge with counts and our own ids, never with personal data.

Without `SECONDORDER_OTEL_ENDPOINT` nothing is loaded and a span costs nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

SERVICE = "second-order"
SAFE = re.compile(r"[A-Za-z0-9_./{}:-]{1,120}")
"""What an attribute's text may look like: ids, names of ours and route patterns; no address and no free text."""

_tracers: list["Tracer"] = []


def set_up(endpoint: str) -> "TracerProvider | None":
    """Send traces to an OTLP collector at `endpoint` (HTTP, such as http://127.0.0.1:4318); none where it is empty.

    Give the provider, whose `shutdown` sends what still waits. Calling it again changes nothing.
    """
    if not endpoint or _tracers:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")))
    _tracers.append(provider.get_tracer(SERVICE))
    return provider


def tear_down() -> None:
    """Stop making spans."""
    _tracers.clear()


@contextmanager
def span(name: str, **attributes: str | int) -> Iterator["Span | None"]:
    """Trace the work inside; an exception is noted by its type alone, since messages may hold what people wrote."""
    if not _tracers:
        yield None
        return
    from opentelemetry.trace import Status, StatusCode

    with _tracers[0].start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        note(current, **attributes)
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def note(current: "Span | None", **attributes: Any) -> None:
    """Add numbers and safe texts to a span; a text that might hold personal data is left out."""
    if current is None:
        return
    for key, value in attributes.items():
        if isinstance(value, int) or (isinstance(value, str) and SAFE.fullmatch(value) and "@" not in value):
            current.set_attribute(f"second_order.{key}", value)
