"""The code's version follows what plans and decisions depend on, and nothing else."""

from pathlib import Path

import pytest

from agent import code


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree of code."""
    for name in ("agent/a.py", "tools/t.yaml", "prompts/plan/v1.md", "prompts/messages/hi/en.yaml", "api/face.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(code, "ROOT", tmp_path)
    return tmp_path


def version() -> str:
    return code.code_version.__wrapped__()


def test_dc_09_code_tables_and_templates_count(root: Path) -> None:
    seen = {version()}
    for name in ("agent/a.py", "tools/t.yaml", "prompts/messages/hi/en.yaml"):
        (root / name).write_text("other", encoding="utf-8")
        seen.add(version())
    (root / "agent" / "b.py").write_text("", encoding="utf-8")
    assert len(seen | {version()}) == 5


def test_dc_09_faces_and_versioned_prompts_do_not_count(root: Path) -> None:
    before = version()
    (root / "prompts/plan/v2.md").write_text("new", encoding="utf-8")
    (root / "api/face.py").write_text("new", encoding="utf-8")
    assert version() == before


def test_dc_09_the_installed_code_has_a_version() -> None:
    assert len(code.code_version()) == 16
