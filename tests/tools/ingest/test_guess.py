"""What kind of file it is, proposed from its beginning."""

import json
from pathlib import Path

import pytest

from tests.factories.small_shop import small_shop
from tools.ingest.guess import guess_kind


def test_every_file_of_the_demo_shop_is_recognised(tmp_path: Path) -> None:
    files = small_shop(tmp_path, n=60).files
    assert [guess_kind(path) for _, path in files] == [kind for kind, _ in files]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Email,Email Marketing Consent\nanna@example.com,SUBSCRIBED\n", "klaviyo-profiles"),
        (json.dumps({"data": [{"type": "profile", "id": "1"}]}), "klaviyo-profiles"),
        (json.dumps({"orders": [{"id": 1}]}), "shopify-json"),
        (json.dumps([{"order": {"id": 1}}], indent=2), "shopify-json"),
        ("\ufeffsku,cost,currency\nA,1.00,EUR\n", "costs"),
        ("kind,sku,to_sku\nupgrade,A,B\n", "goods-links"),
        ("colour,shape\nred,round\n", None),
        ("", None),
        ("[]", None),
        ("{" * 50_000, None),
    ],
)
def test_a_file_is_known_by_its_header_or_by_nothing(tmp_path: Path, text: str, kind: str | None) -> None:
    path = tmp_path / "upload.dat"
    path.write_text(text, encoding="utf-8")
    assert guess_kind(path) == kind


def test_a_parquet_table_is_known_by_its_columns(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from tools.ingest import complete_journey, online_retail

    known = {"online-retail": online_retail.COLUMNS, "complete-journey": complete_journey.COLUMNS, None: ("colour",)}
    for kind, columns in known.items():
        path = tmp_path / "table.parquet"
        pq.write_table(pa.table({name: ["x"] for name in columns}), path)
        assert guess_kind(path) == kind
    path.write_bytes(b"PAR1 and then nothing of the sort")
    assert guess_kind(path) is None
