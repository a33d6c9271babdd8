from datetime import UTC, datetime

from agent.community import CommunityActivity
from agent.community.activity import CommunityCount, MailCount, Move
from api.ui.community.groups_view import counts_table, groups_cards, mails_table, moves_table, no_group, who_may
from api.ui.shell.words import LANGUAGES, words
from memory.domain.community import Community, KeptCommunity
from memory.domain.segment import Bought
from tests.factories.facts import SHOP

AT = datetime(2027, 1, 2, 9, tzinfo=UTC)
RUNNERS = Community(
    id="runners", market="DE", platform="wechat", name="<b>Runners", link="https://weixin.qq.com/g/1",
    rule=Bought(at_least=2),
)  # fmt: skip
BY_TIER = RUNNERS.model_copy(update={"id": "gold", "market": "CN", "rule": None, "min_tier": "gold"})
KEPT = (
    KeptCommunity(community=RUNNERS, set_by="<mia>", set_at=AT),
    KeptCommunity(community=BY_TIER, set_by="mia", set_at=AT, ended_at=AT),
)
FOUND = CommunityActivity(
    as_of=AT,
    communities=(CommunityCount(community_id="runners", n_joined=1_200, n_in=1_000, n_left=200, n_shown=40),
                 CommunityCount(community_id="never-set", n_joined=1, n_in=1, n_left=0, n_shown=0)),
    moves=(Move(at=AT, person_id="<p>", community_id="runners", is_member=False),),
    mails=(MailCount(market="DE", n_waiting=3, n_sent=50, n_unknown=1, n_failed=2,
                     held_back={"in_community": 7, "odd_code": 1}),),
    n_withheld=90,
)  # fmt: skip


def test_s1_30_who_may_be_invited_is_said_in_words_in_both_languages() -> None:
    assert who_may(RUNNERS, words("en"), "EUR") == "ordered at least 2 times"
    assert "Gold" in who_may(BY_TIER, words("en"), "EUR") and "会员" in who_may(BY_TIER, words("zh"), "EUR")
    html = groups_cards(KEPT, SHOP, words("en"))
    assert html.index("invites") < html.index("ended") and "Nobody is invited since" in html
    assert "&lt;b&gt;Runners" in html and "&lt;mia&gt;" in html and "<b>Runners" not in html
    assert 'rel="noopener noreferrer nofollow"' in html and "WeChat · Germany (DE)" in html


def test_people_are_dots_until_they_are_counted_and_what_ended_has_nobody_to_invite() -> None:
    assert counts_table(KEPT, None, None, words("en")).count("…") == 8
    html = counts_table(KEPT, FOUND, {"runners": 3_000}, words("en"))
    assert all(n in html for n in ("3,000", "1,200", "1,000", "200", "never-set"))


def test_invitations_say_what_was_shown_sent_withheld_and_why_it_stayed() -> None:
    for language in LANGUAGES:
        html = mails_table(FOUND, KEPT, words(language))
        assert all(n in html for n in ("40", "50", "odd code: 1", "90"))
    assert "had joined: 7" in mails_table(FOUND, KEPT, words("en"))


def test_who_left_is_a_pseudonym_with_the_shops_clock() -> None:
    html = moves_table(FOUND, words("en"), SHOP.zone)
    assert "&lt;p&gt;" in html and "left" in html and "10:00 (Europe/Berlin)" in html
    assert "events import" in moves_table(FOUND.model_copy(update={"moves": ()}), words("en"), SHOP.zone)


def test_without_a_community_it_says_how_to_set_one_and_who_may() -> None:
    assert "secondorder community set" in no_group(words("en"), may_set=True)
    assert "Marketers and admins" in no_group(words("en"), may_set=False)
