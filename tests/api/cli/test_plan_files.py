"""A plan out to a file and back, and the room its guardrails leave, on the command line."""

from pathlib import Path

import pytest

from .conftest import Run

pytestmark = pytest.mark.slow


def test_a_plan_is_exported_as_yaml_changed_and_imported_as_a_draft(so: Run, tmp_path: Path) -> None:
    assert so("plan", "draft", "--json").code == 0
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    file = tmp_path / "plan.yaml"
    assert so("plan", "export", plan_id, "--out", str(file)).code == 0
    text = file.read_text(encoding="utf-8")
    assert text == so("plan", "export", plan_id, "--yaml").out
    title = text.split("title: ")[1].split("\n")[0]
    file.write_text(text.replace(title, "By hand", 1), encoding="utf-8")
    assert so("plan", "import", str(file), "--dry-run", "--against", plan_id, "--json").json["title"] == "By hand"
    assert len(so("plan", "list", "--json").json) == 1
    assert "By hand" in so("plan", "import", str(file)).out
    assert len(so("plan", "list", "--json").json) == 2

    file.write_text(text.replace("redemption_rate: 0.", "redemption_rate: 0.00", 1), encoding="utf-8")
    refused = so("plan", "import", str(file))
    assert refused.code == 1 and "redemption_rate" in refused.out
    file.write_text("title: [", encoding="utf-8")
    broken = so("plan", "import", str(file))
    assert broken.code == 2 and "line 1" in broken.err
    room = so("plan", "room", plan_id, as_id="vic")
    assert room.code == 0 and "margin_floor" in room.out
