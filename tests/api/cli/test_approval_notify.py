"""`secondorder approval notify`: the rules on the command line, secrets from stdin and never shown."""

import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import STOCKED
from tests.servers.bots import PATHS, SECRET, TOKEN

from .conftest import Run

pytestmark = pytest.mark.slow


def test_an_admin_sets_the_rules_and_takes_them_away(so: Run, stocked: App) -> None:
    with stocked.store.unit_of_work() as uow:
        admin = Principal(id="ada", name="Ada", grants=(Grant(shop_id=STOCKED, role="admin"),))
        uow.principals.add(admin, stocked.clock.now())
    notify = ("approval", "notify")
    assert so(*notify, "mail", "vic", "vic@nord.example.invalid", as_id="mia").code == 2
    assert so(*notify, "mail", "vic", "not an address", as_id="ada").code == 2
    assert so(*notify, "mail", "vic", "vic@nord.example.invalid", "--zone", "Asia/Tokyo", as_id="ada").code == 0
    assert so(*notify, "deputy", "ari", "vic", "--hours", "8", as_id="ada").code == 0
    assert so(*notify, "reader", "jp", "ja", "vic", as_id="ada").code == 0
    assert so(*notify, "reader", "qq", "ja", "vic", as_id="ada").code == 2
    url = f"https://oapi.dingtalk.com{PATHS['dingtalk']}"
    added = so(*notify, "bot", "team", "dingtalk", "--signed", as_id="ada", stdin=f"{url}\n{SECRET}\n")
    assert added.code == 0, added.err
    shown = so(*notify, "show", as_id="vic").out + so(*notify, "show", "--json", as_id="vic").out + added.out
    assert TOKEN not in shown
    assert SECRET not in shown
    rules = so(*notify, "show", "--json", as_id="vic").json["rules"]
    assert [rules[kind][0].get("after_hours", 0) for kind in ("mails", "bots", "deputies")] == [0, 0, 8]
    for kind, name in (("deputy", "ari"), ("reader", "JP"), ("bot", "team"), ("mail", "vic")):
        assert so(*notify, "forget", kind, name, as_id="ada").code == 0
    assert so(*notify, "forget", "bot", "team", as_id="ada").code == 2
    assert len(so(*notify, "history", "--json", as_id="ada").json) == 8


def test_a_request_is_read_and_sent_back_with_a_note(so: Run, stocked: App) -> None:
    from memory.domain.approval_rules import ApprovalRules, MarketReader

    assert so("plan", "draft", "--planner", "playbook").code == 0
    (plan,) = so("plan", "list", "--json").json
    asked = so("approval", "request", plan["plan_id"], "--json").json
    with stocked.store.unit_of_work() as uow:
        content = uow.plans.get(plan["plan_id"]).plan
        reader = MarketReader(market=content.markets[0], language=content.languages[0], readers=("vic",))
        uow.approval_rules.put(STOCKED, ApprovalRules(readers=(reader,)), "ada", stocked.clock.now(), "")
    assert so("approval", "decide", asked["id"], "approve", as_id="ari").code == 2
    assert so("approval", "read", asked["id"], content.markets[0], as_id="ari").code == 2
    assert so("approval", "read", asked["id"], content.markets[0], as_id="vic").code == 0
    assert "vic, 20" in so("approval", "standing", asked["id"], as_id="ari").out
    assert so("approval", "decide", asked["id"], "send_back", as_id="ari").code == 2
    assert so("approval", "decide", asked["id"], "send_back", "--note", "less push", as_id="ari").code == 0
