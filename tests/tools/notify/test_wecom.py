from memory.domain.message import Accepted
from tests.tools.notify.rig import SAID, serving_bot


def test_a_long_message_is_cut_below_the_limit_with_its_link_whole() -> None:
    long = SAID.model_copy(update={"lines": ("审批" * 3_000,)})
    with serving_bot("wecom") as rig:
        assert isinstance(rig.send(said=long), Accepted)
        (body,) = rig.vendor.taken
    text = body["markdown"]["content"]
    assert len(text.encode()) <= 4096
    assert text.endswith(f"[{SAID.link_words}]({SAID.link})")
