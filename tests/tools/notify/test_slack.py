from memory.domain.message import Accepted
from tests.tools.notify.rig import SAID, serving_bot


def test_control_characters_of_slack_are_written_as_entities() -> None:
    said = SAID.model_copy(update={"lines": ("<!channel> & <http://evil.invalid|here>",)})
    with serving_bot("slack") as rig:
        assert isinstance(rig.send(said=said), Accepted)
        (body,) = rig.vendor.taken
    assert "<!channel>" not in body["text"]
    assert "&lt;!channel&gt; &amp;" in body["text"]
    assert all(block["text"]["type"] == "plain_text" for block in body["blocks"][:2])
