from datetime import timedelta

from memory.domain.approval_notice import TextsRead
from memory.domain.clock import ManualClock
from memory.store.engine import Store


def test_the_first_reading_of_exactly_these_texts_by_a_reader_counts(any_store: Store, clock: ManualClock) -> None:
    first = TextsRead(shop_id="nord", market="JP", texts_hash="f" * 64, language="ja", reader="yui",
                      read_at=clock.now(), approval_id="a1")  # fmt: skip
    with any_store.unit_of_work() as uow:
        uow.approval_readings.add(first)
        uow.approval_readings.add(first.model_copy(update={"read_at": clock.now() + timedelta(days=1)}))
        find = uow.approval_readings.find
        assert find("nord", "JP", "f" * 64, ("ren", "yui")) == first
        assert find("nord", "JP", "f" * 64, ("ren",)) is None
        assert find("nord", "JP", "e" * 64, ("yui",)) is None
        assert find("ost", "JP", "f" * 64, ("yui",)) is None
