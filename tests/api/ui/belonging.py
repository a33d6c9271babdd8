"""Communities, challenges and ambassadors for a shop of the workspace: people in and out, posts that wait."""

from datetime import datetime, timedelta

from agent.assembly import App
from memory.domain.challenge import Challenge, RightsConsent, Sent
from memory.domain.community import Community
from memory.domain.segment import Bought
from memory.store.challenges import Challenges
from tests.api.ui.loyal import buyers
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

N_INSIDE = 6
GROUP = Community(
    id="runners", market="DE", platform="facebook", name="Berlin Runners", link="https://www.facebook.com/groups/1",
    rule=Bought(at_least=1),
)  # fmt: skip
FORMER = Community(
    id="readers", market="CN", platform="wechat", name="读者群", link="https://weixin.qq.com/g/1", min_tier="gold"
)
HOSTILE = "<img src=https://evil.example.invalid/x.png> a comment"


def with_community(app: App, shop_id: str, by: str) -> None:
    """Set a community that runs and one that ended, two challenges with posts, and three people of ambassadors."""
    now = app.clock.now()
    people, _ = buyers(app, shop_id)
    facts = Facts()
    for number, person in enumerate(people[: N_INSIDE + 1]):
        joined = {"subject_id": person, "community_id": GROUP.id}
        facts.add("community_memberships", now - timedelta(days=30, hours=number), **joined, is_member=True)
    facts.add("community_memberships", now - timedelta(days=2), **joined, is_member=False)
    for number, row in enumerate(facts.rows["community_memberships"]):
        row["fact_id"] = f"{shop_id}-belonging-{number}"
    settle(app.store, app.lake, facts, now, shop_id=shop_id)
    with app.store.unit_of_work() as uow:
        for one in (GROUP, FORMER):
            uow.communities.put(shop_id, one, by, now)
        uow.communities.end(shop_id, FORMER.id, now)
        uow.communities.show(shop_id, GROUP.id, people[10], now)
        _posts(uow.challenges, shop_id, by, people, now)
        uow.ambassadors.propose(shop_id, people[0], [people[0]], by, now)
        told = {"decided_by": "second", "decided_at": now}
        for person in people[1:3]:
            uow.ambassadors.propose(shop_id, person, [person], by, now)
        uow.ambassadors.move(shop_id, people[1], ("proposed",), "refused", **told)
        uow.ambassadors.move(shop_id, people[2], ("proposed",), "ambassador", **told, accepted_at=now)


def _posts(kept: Challenges, shop_id: str, by: str, people: list[str], now: datetime) -> None:
    today = now.date()
    for name, first, last in (("summer", -40, -10), ("autumn", -5, 20)):
        days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
        rules = "Show your shoes.\nWe show the best ones."
        made = Challenge(id=name, title=f"Shoes in {name}", rules=rules, hashtag=f"#{name}", markets=("DE",), **days)
        kept.put(shop_id, made, by, now)
    for number, person in enumerate(people[:3]):
        at = now - timedelta(days=3 - number)
        rights = None if number == 1 else RightsConsent(source=HOSTILE, given_at=at)
        link = f"https://www.instagram.com/p/post{number}/"
        kept.add(shop_id, "autumn", person, Sent(link=link, submitted_at=at, rights=rights))
    done, _ = kept.add(shop_id, "summer", people[3], Sent(link="https://www.tiktok.com/@a/1", submitted_at=now))
    kept.decide(shop_id, done.id, "refused", by, now, "It shows <b>somebody</b> else.")
