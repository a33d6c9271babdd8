from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from fastapi.testclient import TestClient

from agent import tracing
from agent.assembly import assemble
from agent.settings import load_settings
from api.http.app import create_api
from memory.domain.clock import ManualClock


class Collector(HTTPServer):
    """Takes traces as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            import gzip

            body = gzip.decompress(body)
        self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    tracing.tear_down()


def _spans(collector: Collector) -> list[tuple[str, dict[str, object], str]]:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    found = []
    for body in collector.bodies:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                for one in scope.spans:
                    values = {kv.key: kv.value.string_value or kv.value.int_value for kv in one.attributes}
                    found.append((one.name, values, one.status.message))
    return found


def test_a_collector_gets_spans_with_counts_and_without_personal_data(collector: Collector) -> None:
    provider = tracing.set_up(f"http://127.0.0.1:{collector.server_port}")
    assert provider is not None
    with tracing.span("import", n_rows=3, kind="shopify-orders", to="ann@example.com", note="Ann Example"):
        pass
    with pytest.raises(ValueError), tracing.span("claim"):
        raise ValueError("ann@example.com is unknown")
    provider.shutdown()
    assert _spans(collector) == [
        ("import", {"second_order.n_rows": 3, "second_order.kind": "shopify-orders"}, ""),
        ("claim", {}, "ValueError"),
    ]
    assert not any(b"ann@" in body or b"Ann" in body for body in collector.bodies)


def test_a_request_is_traced_by_its_route_and_never_by_its_address(collector: Collector, tmp_path: object) -> None:
    provider = tracing.set_up(f"http://127.0.0.1:{collector.server_port}")
    assert provider is not None
    app = assemble(load_settings(home=tmp_path))
    with TestClient(create_api(app)) as client:
        assert client.get("/u/secret-token-of-ann").status_code < 500
    provider.shutdown()
    ((name, values, _),) = [one for one in _spans(collector) if one[0] == "request"]
    assert (name, values["second_order.method"]) == ("request", "GET")
    assert "{" in str(values["second_order.route"])
    assert not any(b"secret-token" in body for body in collector.bodies)


def test_without_an_endpoint_a_span_is_nothing_and_loads_nothing(clock: ManualClock) -> None:
    assert tracing.set_up("") is None
    with tracing.span("tick") as current:
        assert current is None
    tracing.note(None, n=1)
