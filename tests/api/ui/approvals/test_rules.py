from api.ui.approvals.rule_forms import KINDS
from api.ui.approvals.rules import entries
from memory.domain.approval_rules import ApprovalRules, ChatBot
from tests.factories.around_approvals import MARKET, a_deputy, a_reader, mail


def test_each_entry_is_named_and_said_in_one_line() -> None:
    rules = ApprovalRules(
        mails=(mail("ava", zone="Asia/Tokyo"),),
        bots=(ChatBot(name="team", vendor="wecom", language="zh"),),
        deputies=(a_deputy(8),),
        readers=(a_reader("yui", "ren"),),
    )
    shown = {kind: entries(rules, kind) for kind in KINDS}
    assert shown["mail"] == [("ava", "ava · ava@nord.example.invalid · Asia/Tokyo · en")]
    assert shown["bot"] == [("team", "team · wecom · zh")]
    assert shown["deputy"] == [("ava", "ava → dan · 8 h")]
    assert shown["reader"][0][0] == MARKET
    assert "yui, ren" in shown["reader"][0][1]
