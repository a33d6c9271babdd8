"""What is known of each market."""

from agent.assembly import App
from api.verbs import guardrails, markets
from tests.api.verbs.acting import as_


def test_the_home_market_is_first_and_every_one_names_its_source(installation: App) -> None:
    olga = as_(installation, "olga", "admin")
    found = markets.every(olga)
    assert (found[0].market.country, found[0].is_home) == ("DE", True)
    assert [one.market.name for one in found[1:]] == sorted(one.market.name for one in found[1:])
    assert not any(one.is_sent_to for one in found)  # nobody set limits yet
    assert found[0].double_opt_in == ("email", "sms")
    assert all(one.consent_source and one.market.zones for one in found)
    assert all(hours.source for one in found for hours in one.market.legal_hours)
    guardrails.put(olga, guardrails.starting(olga).model_copy(update={"languages": ("de",)}))
    assert {one.market.country for one in markets.every(olga) if one.is_sent_to} == {"AT", "DE"}


def test_holidays_are_those_of_the_next_ninety_days(installation: App) -> None:
    today = installation.clock.now().date()
    home = markets.every(as_(installation, "vic", "viewer"))[0]
    assert all(-1 <= (day - today).days <= 90 for day in home.holidays)
