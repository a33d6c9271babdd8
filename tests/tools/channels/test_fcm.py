"""App push over FCM HTTP v1: sign-in, deep links for both systems, tokens that are gone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted, Refused
from tests.tools.channels.conftest import Rig, a_message
from tools.channels.fcm import deep_link, push_of, read_service_account

LINK = "https://nord.example.invalid/p/1?utm_source=second-order"


@pytest.fixture
def rig(make: Callable[..., Rig]) -> Rig:
    return make("fcm")


def test_s2_52_s2_27_a_push_carries_its_deep_link_for_android_and_ios(rig: Rig) -> None:
    assert isinstance(rig.sender.hand_off(rig.message()), Accepted)
    (entry,) = rig.provider.journal.entries()
    push = entry["message"]
    assert push["data"]["link"] == LINK
    assert push["apns"]["payload"]["link"] == LINK
    assert push["android"]["notification"]["click_action"] == push["apns"]["payload"]["aps"]["category"]
    assert push["notification"] == {"title": "Grüße 你好", "body": "Hallo\nWelt"}


def test_a_scheme_of_the_app_s_own_replaces_https() -> None:
    assert deep_link(LINK, "nord") == LINK.replace("https", "nord")
    assert push_of(a_message(), "nord")["data"]["link"].startswith("nord://nord.example.invalid/p/1?")
    assert deep_link("", "nord") == ""


def test_one_sign_in_serves_many_pushes_and_a_withdrawn_token_is_renewed_once(rig: Rig) -> None:
    for number in range(3):
        rig.sender.hand_off(rig.message(key=f"{number}" * 40))
    assert len(rig.provider.tokens) == 1
    rig.provider.tokens.clear()
    assert isinstance(rig.sender.hand_off(rig.message(key="x" * 40)), Accepted)
    assert len(rig.provider.tokens) == 1
    assert rig.n_taken() == 4


@pytest.mark.parametrize("fault", ["status_500", "error_in_200", "drop", "gzip_bomb", "slow_loris"])
def test_a6_without_sign_in_nothing_is_posted_and_everything_waits(make: Callable[..., Rig], fault: str) -> None:
    rig = make("fcm", timeout_seconds=0.4)
    assert rig.server is not None
    rig.server.fault, rig.server.only = fault, "/token"
    outcome = rig.sender.hand_off(rig.message())
    assert isinstance(outcome, Refused) and outcome.is_retryable, outcome
    assert rig.n_taken() == 0


def test_a_token_that_is_gone_ends_the_address(rig: Rig) -> None:
    assert rig.sender.hand_off(rig.message("gone")) == Refused(
        reason="UNREGISTERED", is_retryable=False, ends_address="hard_bounce"
    )


def test_a_long_text_still_fits(rig: Rig) -> None:
    import json

    push = push_of(a_message(text="长" * 9_000, subject="题" * 900))
    assert isinstance(rig.sender.hand_off(rig.message(text="x" * 9_000)), Accepted)
    assert len(json.dumps(push["notification"], ensure_ascii=False).encode()) < 6_200


def test_a_file_that_is_no_service_account_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    for path in (tmp_path / "x.json", tmp_path / "none.json"):
        with pytest.raises(InvalidInput, match="FCM_CREDENTIALS"):
            read_service_account(path)
