"""Order mails, slips and first touches on the command line."""

from pathlib import Path

import pytest

from agent.assembly import App
from tests.api.http.test_order_mail import a_slipping_lane

from .conftest import Run

pytestmark = pytest.mark.slow


def test_s1_14_s1_15_owners_are_set_from_a_file_and_shown(so: Run, stocked: App, tmp_path: Path) -> None:
    path = tmp_path / "owners.yaml"
    path.write_text("order_confirmation: us\nshipping_notice: shop\nnotice_minutes: 10\n", encoding="utf-8")
    assert so("order-mail", "set", str(path)).out.strip() == "Ours from now on: order_confirmation."
    shown = so("order-mail", "show", "--json").json
    assert shown["settings"]["notice_minutes"] == 10
    assert "order confirmation ours since" in " ".join(so("order-mail", "show").out.split())
    assert so("order-mail", "list", "--json").json == []
    assert so("order-mail", "send").out.startswith("0 sent")
    path.write_text("order_confirmation: somebody\n", encoding="utf-8")
    wrong = so("order-mail", "set", str(path))
    assert wrong.code == 2
    assert "order_confirmation" in wrong.err


def test_a_slip_is_listed_with_its_message_per_language_and_approved(so: Run, stocked: App) -> None:
    a_slipping_lane(stocked)
    assert "gls, message drafted" in so("parcels", "look").out
    listed = so("parcels", "slips", "--json").json
    slip = next(one["slip"]["id"] for one in listed["slips"] if one["slip"]["carrier"] == "gls")
    assert any(one["carrier"] == "gls" and one["n_late"] == one["n_judged"] == 30 for one in listed["lanes"])
    assert "gls" in so("parcels", "slips").out
    shown = so("parcels", "slip", slip)
    assert shown.code == 0
    assert so("parcels", "slip-approve", slip, as_id="nobody").code == 2


def test_s1_07_the_share_with_a_first_touch_is_shown_with_the_reasons(so: Run, stocked: App) -> None:
    until = stocked.clock.now().date()
    said = so("report", "first-touch", "--from-on", "2025-11-01", "--until-on", str(until))
    assert said.code == 0
    assert "with a first touch decided within 14 days" in " ".join(said.out.split())
    assert "no plan ran in those days" in " ".join(said.out.split())
    chinese = so("report", "first-touch", "--from-on", "2025-11-01", "--until-on", str(until), "--language", "zh")
    assert "那些天没有运行中的方案" in chinese.out
