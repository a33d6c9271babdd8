from memory.domain.message import MESSAGE_CLASS, MESSAGE_KINDS
from memory.domain.preference import TOPIC_KINDS, cap_rate, lowered, topic_of


def test_every_kind_but_receipts_and_pages_belongs_to_exactly_one_topic() -> None:
    named = [kind for kinds in TOPIC_KINDS.values() for kind in kinds]
    assert len(named) == len(set(named))
    assert set(named) == {kind for kind in MESSAGE_KINDS if MESSAGE_CLASS[kind] in ("service", "promotional")}
    assert topic_of("order_confirmation") is None


def test_s2_64_a_cap_is_lowered_downwards_but_never_to_silence() -> None:
    assert [lowered(n, 0.5) for n in (0, 1, 2, 3, 10)] == [0, 1, 1, 1, 5]
    assert lowered(3, 1.0) == 3
    assert cap_rate("fewer", "medium") == 0.5
    assert cap_rate("all", "medium") == 0.75
