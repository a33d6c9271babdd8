"""The kind `goods-links`: one fact per kind and pair; a later file changes it or takes it back."""

import pytest

from tests.factories.imports import Intaker

pytestmark = pytest.mark.slow
HEAD = "kind,sku,to_sku,min_days,active\n"


def test_s1_27_links_are_read_changed_and_taken_back(intaker: Intaker) -> None:
    file = intaker.folder / "links.csv"
    file.write_text(
        HEAD + "upgrade,A,B,,\nowners,A,C,,yes\nodd,A,B,,\nupgrade,A,A,,\nupgrade,A,D,-1,\nowners,A,E,,maybe\n"
    )
    report = intaker("goods-links", file)
    assert report.n_rejected == 4
    rows = intaker.rows("goods_links")
    assert sorted((row["kind"], row["to_sku"], row["min_days"], row["is_active"]) for row in rows) == [
        ("owners", "C", 180, True),
        ("upgrade", "B", 180, True),
    ]
    file.write_text(HEAD + "upgrade,A,B,30,\nowners,A,C,,no\n")
    assert intaker("goods-links", file).n_changed == 2
    rows = intaker.rows("goods_links")
    assert sorted((row["kind"], row["min_days"], row["is_active"]) for row in rows) == [
        ("owners", 180, False),
        ("upgrade", 30, True),
    ]
