"""A5: the key of a keyed provider stands for step, recipient and content."""

from collections.abc import Callable

from memory.domain.message import Accepted, Refused, Rendered
from tests.tools.channels.conftest import Rig, a_message
from tools.channels.memory import MemorySender


class _Fixed(Rendered):
    """A message whose key ignores its content: the fault that A5 is about."""

    @property
    def idempotency_key(self) -> str:
        return self.send_key


def test_a5_the_key_changes_with_step_recipient_and_content() -> None:
    one = a_message()
    others = [a_message(key="b" * 40), a_message(to="other@x.invalid"), a_message(text="Hallo"), a_message(subject="x")]
    assert len({message.idempotency_key for message in (one, *others)}) == 5
    assert one.idempotency_key == a_message().idempotency_key
    assert one.body_hash == a_message(key="b" * 40).body_hash


def test_a5_a_changed_body_under_the_same_key_is_an_error_and_never_a_send(make: Callable[..., Rig]) -> None:
    rig = make("webhook")
    first = _Fixed(**a_message().model_dump())
    assert isinstance(rig.sender.hand_off(first), Accepted)
    changed = first.model_copy(update={"text": "something else"})
    assert rig.sender.hand_off(changed) == Refused(reason="key_reused", is_retryable=False)
    assert rig.n_taken() == 1


def test_a5_the_double_refuses_a_changed_body_as_well() -> None:
    from tests.tools.channels.conftest import CLOCK

    sender = MemorySender(CLOCK)
    assert isinstance(sender.hand_off(a_message()), Accepted)
    assert sender.hand_off(a_message(text="x")) == Refused(reason="key_reused", is_retryable=False)


def test_what_is_posted_names_the_link_and_the_shop(make: Callable[..., Rig]) -> None:
    rig = make("webhook")
    rig.sender.hand_off(a_message())
    (body,) = rig.provider.bodies.values()
    assert b'"shop_id":"nord"' in body
    assert b'"link":"https://nord.example.invalid/p/1?utm_source=second-order"' in body
