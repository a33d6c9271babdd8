"""Case C5: what nobody can see goes, what people write stays."""

import pytest

from tests.factories.imports import Intaker, order_rows, write_orders
from tools.ingest.text import clean

HOSTILE = {
    "right-to-left override": ("invoice\u202egnp.exe", "invoicegnp.exe"),
    "tag characters": ("shoe\U000e0041\U000e0042\U000e007f", "shoe"),
    "zero width": ("s\u200bh\u2060o\ufeffe", "shoe"),
    "variation selectors": ("shoe\ufe00\U000e0100", "shoe"),
    "controls": ("sh\x00o\x1be\x7f", "shoe"),
    "line breaks": ("Subject\r\nBcc: all@example.com", "Subject Bcc: all@example.com"),
    "line separator": ("a\u2028b", "a b"),
    "isolates": ("\u2066a\u2069", "a"),
    "private use": ("a\ue000", "a"),
    "blank letters": ("a\u3164b", "ab"),
    "joiner between latin letters": ("a\u200db", "ab"),
    "lone surrogate": ("a\ud800b", "ab"),
    "flood of marks": ("a" + "\u0301" * 500, "a" + "\u0301" * 3),
}
REAL = [
    "محمد بن عبد الله", "مُحَمَّد", "יוסף כהן", "שָׁלוֹם", "山田太郎", "李小龙", "김민준", "Nguyễn Thị Ánh",
    "می\u200cخواهم", "क्\u200dष", "Zoë O’Connor-Müller", "Łukasz Żółć", "สมชาย", "👩\u200d👧 family", "Jose\u0301",
]  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_c5_invisible_text_is_stripped(case: str) -> None:
    written, kept = HOSTILE[case]
    assert clean(written) == kept


@pytest.mark.parametrize("name", REAL)
def test_c5_real_names_survive_unharmed(name: str) -> None:
    assert clean(name) == name


def test_c5_long_texts_are_cut() -> None:
    assert len(clean("x" * 10_000, 50)) == 50


def test_c5_a_product_title_is_clean_in_the_lake_and_a_real_name_in_the_store(intaker: Intaker) -> None:
    line = {"Lineitem sku": "SHOE\u202e-1", "Lineitem name": "Trail\u200b shoe"}
    name = "محمد عبدالله"
    path = write_orders(intaker.folder / "o.csv", order_rows("#1", line, Shipping_Name=name))
    intaker("shopify-orders", path)
    (row,) = intaker.rows("order_lines")
    assert row["sku"] == "SHOE-1"
    with intaker.store.read() as uow:
        contact = uow.contacts.by_person(intaker.shop.shop_id, [row["person_id"]])[row["person_id"]]
    assert f"{contact.first_name} {contact.last_name}" == name
