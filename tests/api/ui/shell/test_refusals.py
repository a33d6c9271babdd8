"""Errors and reasons in the reader's language; English that is left within Chinese is marked as English."""

import re
from inspect import cleandoc
from pathlib import Path

import pytest

from agent.approval import errors as approval
from agent.rights import finding
from agent.runs import amending
from agent.sign_in import passwords
from api.ui.shell.refusals import error_html, error_text, reason_html, slug
from api.ui.shell.words import LANGUAGES, entries, words
from memory.domain import ambassador, errors, money
from memory.domain.errors import InvalidInput, NotFound, NotPermitted, NotReady, SecondOrderError
from memory.domain.outcome import Blocked
from tools.ingest import errors as ingest

ROOT = Path(__file__).parents[4]
MET_IN_THE_WORKSPACE = (errors, money, ambassador, approval, finding, passwords, amending, ingest)


def _errors() -> list[type[SecondOrderError]]:
    return [
        one
        for module in MET_IN_THE_WORKSPACE
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, SecondOrderError) and one.__module__ == module.__name__
        if one is not SecondOrderError
    ]


@pytest.mark.parametrize("error", _errors(), ids=lambda one: one.__name__)
def test_every_error_people_meet_has_its_words_and_the_english_ones_are_its_own(error: type[SecondOrderError]) -> None:
    path = f"refusals.errors.{error.__name__}"
    assert entries("en")[path] == " ".join(cleandoc(error.__doc__ or "").split())
    assert re.search("[\u4e00-\u9fff]", entries("zh")[path])


def test_a_sentence_in_the_catalogue_is_one_that_the_code_says() -> None:
    written = "\n".join(
        file.read_text(encoding="utf-8")
        for top in ("agent", "api", "memory", "tools")
        for file in ROOT.glob(f"{top}/**/*.py")
    )
    said = {path: text for path, text in entries("en").items() if path.startswith("refusals.said.")}
    assert said
    for path, text in said.items():
        assert path == f"refusals.said.{slug(text)}"
        assert f'"{text}"' in written, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_what_was_asked_and_what_helps(language: str) -> None:
    say = words("zh" if language == "zh" else "en")
    error = NotPermitted(principal="mia", permission="approve", shop_id="nord")
    assert error_text(error, words("en")) == str(error)
    assert error_text(error, words("zh")) == "mia 在店铺 nord 没有“审批”的权限；请让该店铺的管理员授予相应角色。"
    assert "mia" in error_html(error, say)


def test_what_is_known_is_put_into_words_and_what_is_not_is_marked_as_english() -> None:
    zh = words("zh")
    assert (
        error_text(NotFound(kind="plan", id="0123abcd"), zh)
        == "这里没有方案 0123abcd；请核对编号，或查看列表中现有的内容。"
    )
    waits = NotReady(what="plan 0123456789ab", why="it is waiting", remedy="Nothing to do")
    assert error_html(waits, zh) == "方案 0123456789ab尚不可用：当前状态为“待审批”。无需操作"
    bad = InvalidInput(what="the note", why="a <b>very</b> odd thing", remedy="Say why in 10 to 500 characters")
    assert error_html(bad, zh) == (
        '无法使用附言：<span lang="en">a &lt;b&gt;very&lt;/b&gt; odd thing</span>。'
        '<span lang="en">Say why in 10 to 500 characters</span>'
    )
    assert error_html(bad, words("en")) == str(bad).replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")


class Unworded(SecondOrderError):
    """Something odd about {thing}; look again."""


def test_an_error_nobody_worded_follows_a_sentence_that_says_so() -> None:
    said = error_html(Unworded(thing="<i>x</i>"), words("zh"))
    assert said.startswith(words("zh")("refusals", "other"))
    assert said.endswith('<span lang="en">Something odd about &lt;i&gt;x&lt;/i&gt;; look again.</span>')


def test_a_guardrail_speaks_the_readers_language_and_another_check_is_marked() -> None:
    held = Blocked(
        rule="holdout", code="holdout_too_small", message="Too few.", path="holdout.rate", limit="0.05", actual="0.01"
    )
    assert reason_html(held, words("en")) == "Too few."
    assert reason_html(held, words("zh")) == "对照组：对照组的比例太小（此处为 1%，限值为 5%）。"
    other = Blocked(rule="toolbox", code="bad_arguments", message="No <b>JSON</b>.")
    assert reason_html(other, words("zh")).endswith('<span lang="en">No &lt;b&gt;JSON&lt;/b&gt;.</span>')
