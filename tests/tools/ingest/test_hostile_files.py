"""Case D6: files that nobody should trust are refused with the line and a remedy, in bounded memory."""

import gzip
import io
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.imports import ORDER_COLUMNS, Intaker, order_rows, write_lines, write_orders
from tools.ingest import FileRefused
from tools.ingest.limits import Limits

HEADER = ",".join(ORDER_COLUMNS)
EVENT = '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view"}\n'


def _refused(intaker: Intaker, kind: str, content: bytes, limits: Limits | None = None) -> FileRefused:
    path = intaker.folder / "hostile.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        intaker(kind, path, **({"limits": limits} if limits else {}))
    assert intaker.rows("orders") == intaker.rows("events") == []
    return caught.value


def _orders_text(intaker: Intaker) -> str:
    return write_orders(intaker.folder / "good.csv", order_rows("#1"), order_rows("#2")).read_text()


def test_d6_nul_bytes(intaker: Intaker) -> None:
    text = _orders_text(intaker).replace("Trail", "Tr\0il", 1)
    error = _refused(intaker, "shopify-orders", text.encode())
    assert "NUL" in str(error)


def test_d6_a_utf8_bom_is_accepted(intaker: Intaker) -> None:
    path = intaker.folder / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbf" + _orders_text(intaker).encode())
    assert intaker("shopify-orders", path).n_rejected == 0
    assert len(intaker.rows("orders")) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_d6_utf16_is_refused(intaker: Intaker, encoding: str) -> None:
    error = _refused(intaker, "shopify-orders", _orders_text(intaker).encode(encoding))
    assert "UTF-8" in str(error)


def test_d6_mixed_encodings_name_the_line(intaker: Intaker) -> None:
    first, second, third, *_ = _orders_text(intaker).encode().split(b"\n")
    error = _refused(intaker, "shopify-orders", b"\n".join([first, second, third.replace(b"Ann", b"J\xfcrg")]))
    assert error.details["line"] == 3


def test_d6_a_field_beyond_the_limit(intaker: Intaker) -> None:
    text = _orders_text(intaker).replace("Trail shoe", "x" * 131_073, 1)
    assert "131072" in str(_refused(intaker, "shopify-orders", text.encode()))


def test_d6_an_unclosed_quote_does_not_eat_the_file(intaker: Intaker) -> None:
    orders = [order_rows(f"#{n}") for n in range(2_000)]
    text = write_orders(intaker.folder / "good.csv", *orders).read_text().replace("Trail shoe", '"Trail shoe', 1)
    error = _refused(intaker, "shopify-orders", text.encode())
    assert "quote" in str(error)
    assert error.details["line"] == 2


def test_d6_a_quote_that_is_open_at_the_end(intaker: Intaker) -> None:
    assert "quote" in str(_refused(intaker, "shopify-orders", (_orders_text(intaker) + '#3,"').encode()))


def test_d6_a_million_columns(intaker: Intaker) -> None:
    refused = _refused(intaker, "shopify-orders", ("," * 1_000_000 + "\n1\n").encode())
    assert "columns" in str(refused)


def test_d6_a_column_that_stands_twice(intaker: Intaker) -> None:
    text = _orders_text(intaker).replace("Payment References", "Email", 1)
    assert "Email" in str(_refused(intaker, "shopify-orders", text.encode()))


def test_d6_missing_columns_are_named(intaker: Intaker) -> None:
    assert "Subtotal" in str(_refused(intaker, "shopify-orders", b"Name,Email\n#1,a@example.com\n"))


def test_d6_an_empty_file(intaker: Intaker) -> None:
    assert "empty" in str(_refused(intaker, "shopify-orders", b""))


def _gzip(raw: bytes) -> bytes:
    return gzip.compress(raw)


def _zip(raw: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", raw)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [_gzip, _zip])
def test_d6_a_packed_file_is_never_unpacked(intaker: Intaker, pack: Callable[[bytes], bytes]) -> None:
    assert "packed" in str(_refused(intaker, "events", pack(b"0" * 50_000_000)))


def test_d6_five_gigabytes_are_refused_before_reading(intaker: Intaker) -> None:
    path = intaker.folder / "huge.csv"
    with path.open("wb") as file:
        file.truncate(5 * 1024**3)
    with pytest.raises(FileRefused, match="5368709120 bytes"):
        intaker("shopify-orders", path)


def test_d6_a_line_without_end(intaker: Intaker) -> None:
    assert "longer" in str(_refused(intaker, "events", b"[" * 3_000_000))


def test_d6_too_many_rows(intaker: Intaker) -> None:
    assert "rows" in str(_refused(intaker, "events", EVENT.encode() * 11, Limits(max_rows=10)))


def test_d6_a_row_with_a_hundred_thousand_tags(intaker: Intaker) -> None:
    tags = ",".join(["t"] * 60_000)
    path = write_orders(intaker.folder / "o.csv", order_rows("#1", Tags=tags))
    assert intaker("shopify-orders", path).n_rejected == 0
    text = path.read_text().replace(tags, ",".join(["t"] * 100_000))
    (intaker.folder / "o2.csv").write_text(text)
    with pytest.raises(FileRefused, match="131072"):
        intaker("shopify-orders", intaker.folder / "o2.csv")


HOSTILE_LINES = {
    "a key stands twice": '{"id":"e1","id":"e2","at":"2026-01-10T10:00:00Z","kind":"view"}',
    "nested": '{"id":' + "[" * 100_000 + "]" * 100_000 + "}",
    "digits": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","value":' + "9" * 5_000 + "}",
    "NaN": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","value":NaN}',
    "Infinity": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","value":-Infinity}',
    "too large": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","value":1e999}',
    "no offset": '{"id":"e1","at":"2026-01-10T10:00:00","kind":"view"}',
    "outside 1990": '{"id":"e1","at":"0001-01-10T10:00:00Z","kind":"view"}',
    "unknown keys": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","tags":["a"]}',
    "no JSON object": '["e1"]',
    "no valid JSON": '{"id":"e1",',
    "none of": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"hack"}',
    "no text": '{"id":true,"at":"2026-01-10T10:00:00Z","kind":"view"}',
    "no number": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","value":true}',
    "neither true nor false": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","machine":"yes"}',
    "usable": '{"id":"e1","at":"2026-01-10T10:00:00Z","kind":"view","email":"nobody"}',
}


@pytest.mark.parametrize("reason", HOSTILE_LINES)
def test_d6_a_hostile_line_is_rejected_and_the_next_one_read(intaker: Intaker, reason: str) -> None:
    path = intaker.folder / "e.jsonl"
    path.write_text(HOSTILE_LINES[reason] + "\n" + EVENT.replace("e1", "good"))
    report = intaker("events", path)
    assert [row.line for row in report.rejected] == [1]
    assert reason in report.rejected[0].reason
    assert len(intaker.rows("events")) == 1


def test_d6_lone_surrogates_do_not_crash(intaker: Intaker) -> None:
    row = '{"id":"e\\ud800","at":"2026-01-10T10:00:00Z","kind":"view","category":"a\\udfffb"}\n'
    (intaker.folder / "e.jsonl").write_text(row)
    intaker("events", intaker.folder / "e.jsonl")
    assert [event["category"] for event in intaker.rows("events")] == ["ab"]


def test_d6_only_so_many_rejected_rows_are_listed(intaker: Intaker) -> None:
    path = write_lines(intaker.folder / "e.jsonl", *({"id": f"e{n}"} for n in range(50)))
    report = intaker("events", path, limits=Limits(max_rejected_listed=5))
    assert (report.n_rejected, len(report.rejected)) == (50, 5)


def test_d6_a_document_beyond_its_limit(intaker: Intaker) -> None:
    path = intaker.folder / "orders.json"
    path.write_text('{"orders": [' + " " * 2_000_000 + "]}")
    with pytest.raises(FileRefused, match="bytes"):
        intaker("shopify-json", path, limits=Limits(max_document_bytes=1_000_000))


MEMORY_SCRIPT = textwrap.dedent("""
    import resource, sys
    from pathlib import Path
    from tools.ingest import errors, events, shopify_orders, shopify_json, registry
    from tools.ingest.intake import Intake
    from tools.ingest.source import Source
    from tools.identity.keys import Keys
    from memory.domain.market import Shop
    from datetime import UTC, datetime
    import tempfile, duckdb, pyarrow.parquet
    shop = Shop(shop_id="s", name="S", currency="EUR", zone="UTC", home_market="DE")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        intake = Intake(Source(Path(sys.argv[2])), shop, Keys(b"k", "s", "DE"), at, Path(folder))
        try:
            registry.importer(sys.argv[1]).read(intake)
        except errors.FileRefused as error:
            print("refused", error)
        intake.close()
    print("grew", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
""")


def _memory_of(kind: str, path: Path) -> tuple[str, int]:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", MEMORY_SCRIPT, kind, str(path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout
    return out, int(out.rsplit("grew ", 1)[1])


HOSTILE_TOO = ("columns", "quote", "document", "people")
"""Files that are refused the same way as the two that `make test` takes."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "what",
    ["rejected rows", "one line", *(pytest.param(each, marks=pytest.mark.long) for each in HOSTILE_TOO)],
)
def test_d6_memory_stays_within_200_mb_above_the_idle_process(tmp_path: Path, what: str) -> None:
    path, kind = tmp_path / "hostile.csv", "shopify-orders"
    with path.open("w") as file:
        if what == "rejected rows":
            kind = "events"
            file.writelines('{"id": "' + "x" * 200 + '"}\n' for _ in range(200_000))
        elif what == "one line":
            file.writelines("[" * 1_000_000 for _ in range(100))
        elif what == "columns":
            file.write("a," * 30_000_000)
        elif what == "quote":
            file.write(HEADER + '\n#1,"')
            file.writelines("x" * 1_000 + "\n" for _ in range(100_000))
        elif what == "document":
            kind = "shopify-json"
            file.write('{"orders": [' + ",".join('{"a":[]}' for _ in range(9_000)) + "]}" + " " * 14_000_000)
        else:
            kind = "events"
            file.writelines(
                f'{{"id":"{n}","at":"2026-01-10T10:00:00Z","kind":"view","email":"person{n}@example.com"}}\n'
                for n in range(120_000)
            )
    said, grew = _memory_of(kind, path)
    assert grew <= 200, said
