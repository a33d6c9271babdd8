"""Ways to make a plan that no guardrail may let pass: each takes a plan's JSON and a seeded chance.

Every change is wrong by construction, so that no judge is needed to say so.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

Raw = dict[str, Any]
Spoil = Callable[[Raw, Random], None]
NO_MONEY: tuple[Any, ...] = (float("nan"), float("inf"), float("-inf"), "30", True, 1e-9, 0.5, None, "NaN", [], {})
"""What is no amount of money."""
NO_RATES: tuple[Any, ...] = (float("nan"), float("inf"), -1e-9, -1, 1.01, 1.5, "x", None)


def _steps(raw: Raw) -> list[Raw]:
    return [step for journey in raw["journeys"] for step in journey["steps"]]


def _promotion(raw: Raw, chance: Random) -> Raw:
    return chance.choice([step for step in _steps(raw) if step["message_class"] == "promotional"])


def _service(raw: Raw, chance: Random) -> Raw:
    return chance.choice([step for step in _steps(raw) if step["message_class"] == "service"])


def _costly(raw: Raw, chance: Random) -> Raw:
    return chance.choice([each for each in raw["offers"] if each["incentive"]["kind"] != "early_access"])


def share_of_everything(raw: Raw, chance: Random) -> None:
    """Take 150 % of the marketing budget, whole over the buckets."""
    total = 45_000_000 + chance.randrange(10_000_000)
    raw["budget"]["total"]["amount_minor"] = total
    for line in raw["budget"]["lines"]:
        line["amount"]["amount_minor"] = 0
    raw["budget"]["lines"][0]["amount"]["amount_minor"] = total


def floor_broken(raw: Raw, chance: Random) -> None:
    """Break the price floor by a hundredth, as stated."""
    chance.choice(raw["offers"])["price_ratio"] = 0.74


def margin_broken(raw: Raw, chance: Random) -> None:
    """Break the margin floor by a hundredth, as stated."""
    _costly(raw, chance)["worst_margin_rate"] = 0.14


def discount_in_truth(raw: Raw, chance: Random) -> None:
    """Give more credit than is stated."""
    credit = next(each for each in raw["offers"] if each["incentive"]["kind"] == "store_credit")
    credit["incentive"]["amount"]["amount_minor"] *= 2 + chance.randrange(5)


def above_ceiling(raw: Raw, chance: Random) -> None:
    """State more off than any ceiling."""
    chance.choice(raw["offers"])["discount_rate"] = 0.16 + chance.random() / 2


def cap_plus_one(raw: Raw, chance: Random) -> None:
    """Put one promotion more into a window than the cap holds."""
    journey = chance.choice(raw["journeys"])
    first = next(step for step in journey["steps"] if step["message_class"] == "promotional")
    more = [{**first, "id": f"{first['id']}.{n}", "offer_id": None} for n in range(3)]
    at = journey["steps"].index(first)
    journey["steps"][at + 1 : at + 1] = more


def nobody_permits(raw: Raw, chance: Random) -> None:
    """Count on more people than permit a channel."""
    _service(raw, chance)["expected_reach"] = 3_001 + chance.randrange(10**6)


def at_night(raw: Raw, chance: Random) -> None:
    """Send at 03:00, or at any closed minute."""
    _promotion(raw, chance)["local_minute"] = chance.choice([180, 0, 539, 1200, 1439])


def unknown_template(raw: Raw, chance: Random) -> None:
    """Name a template that is not there."""
    step = chance.choice(_steps(raw))
    step["template"] = chance.choice(["viral_blast", "", "../thank_you", step["template"] + "x", "THANK_YOU"])


def template_of_the_future(raw: Raw, chance: Random) -> None:
    """Name a version that is not there."""
    chance.choice(_steps(raw))["template_version"] = 2 + chance.randrange(1000)


def everyone(raw: Raw, chance: Random) -> None:
    """Reach more than the largest blast radius."""
    _service(raw, chance)["expected_reach"] = 1_000_001 + chance.randrange(10**9)


def no_holdout(raw: Raw, chance: Random) -> None:
    """Withhold nobody, or far too few."""
    raw["holdout"]["rate"] = chance.choice([0.0, -0.0, 0.0499999, 1e-9])


def everybody_withheld(raw: Raw, chance: Random) -> None:
    """Withhold more than half."""
    raw["holdout"]["rate"] = 0.5000001 + chance.random() * 0.49


def no_amount(raw: Raw, chance: Random) -> None:
    """Write what is no amount of money where one belongs."""
    place = chance.choice(
        [raw["budget"]["total"], raw["budget"]["worst_case_cost"], _costly(raw, chance)["cost_per_use"]]
    )
    place["amount_minor"] = chance.choice(NO_MONEY)


def no_rate(raw: Raw, chance: Random) -> None:
    """Write what is no share where one belongs."""
    chance.choice(raw["offers"])[chance.choice(["discount_rate", "price_ratio", "redemption_rate"])] = chance.choice(
        NO_RATES
    )


def other_currency(raw: Raw, chance: Random) -> None:
    """Mix currencies, those without and with three decimals among them."""
    place = chance.choice([raw["budget"]["total"], _costly(raw, chance)["limits"]["min_spend"],
                           raw["budget"]["lines"][chance.randrange(4)]["amount"]])  # fmt: skip
    place["currency"] = chance.choice(["JPY", "KWD", "USD", "XXX", "eur", ""])


def stacked(raw: Raw, chance: Random) -> None:
    """Let one cohort redeem two credits on the same order, each as if it were alone."""
    credit = next(each for each in raw["offers"] if each["incentive"]["kind"] == "store_credit")
    raw["offers"] += [{**credit, "id": f"again{n}", "discount_rate": 0.2} for n in range(1 + chance.randrange(3))]


def dressed_up(raw: Raw, chance: Random) -> None:
    """Call promotion transactional or service."""
    _promotion(raw, chance)["message_class"] = chance.choice(["transactional", "service", "on_page"])


def receipt_with_offer(raw: Raw, chance: Random) -> None:
    """Hang an offer on a receipt."""
    receipt = chance.choice([step for step in _steps(raw) if step["message_class"] == "transactional"])
    receipt["offer_id"] = chance.choice(raw["offers"])["id"]


def misdated(raw: Raw, chance: Random) -> None:
    """Move a due day without its day number."""
    step = chance.choice(_steps(raw))
    step["due_on"] = str(date.fromisoformat(step["due_on"]) + timedelta(days=1 + chance.randrange(30)))


def too_soon(raw: Raw, chance: Random) -> None:
    """Promote to those who have just bought."""
    step = _promotion(raw, chance)
    day = chance.randrange(7)
    due = date.fromisoformat(raw["anchor_on"]) + timedelta(days=day)
    step.update(day=day, due_on=str(due), phase="stabilise")


def shut_channel(raw: Raw, chance: Random) -> None:
    """Use a channel that is not there or that the brief shuts."""
    if chance.random() < 0.5:
        chance.choice(_steps(raw))["channels"] = [chance.choice(["fax", "", "EMAIL"])]
    else:
        raw["brief"]["excluded_channels"] = ["email"]


def strange_language(raw: Raw, chance: Random) -> None:
    """Write in a language nobody allowed."""
    raw["languages"] = [*raw["languages"], chance.choice(["it", "xx", "tlh"])]


def id_twice(raw: Raw, chance: Random) -> None:
    """Use an id twice."""
    journey = chance.choice(raw["journeys"])
    journey["steps"].append(journey["steps"][-1])


def offer_of_nobody(raw: Raw, chance: Random) -> None:
    """Carry an offer that is not there."""
    _promotion(raw, chance)["offer_id"] = f"nowhere{chance.randrange(100)}"


def own_figures(raw: Raw, chance: Random) -> None:
    """Promise a figure that code did not fill."""
    offer = chance.choice(raw["offers"])
    for language in offer["benefit"]:
        offer["benefit"][language] += chance.choice([" plus 50 percent", " €", " 100%"])


def loose_guardrails(raw: Raw, chance: Random) -> None:
    """Claim to have been checked against other guardrails."""
    raw["guardrail_version"] = f"{chance.getrandbits(256):064x}"


def foreign_field(raw: Raw, chance: Random) -> None:
    """Carry a field that no plan has."""
    chance.choice([raw, raw["budget"], chance.choice(_steps(raw))])["is_approved"] = True


def lost_cent(raw: Raw, chance: Random) -> None:
    """Lose or find cents between total and buckets."""
    raw["budget"]["lines"][chance.randrange(4)]["amount"]["amount_minor"] += chance.choice([-1, 1, 100])


def no_cohort(raw: Raw, chance: Random) -> None:
    """Leave a cohort without a journey."""
    raw["journeys"].pop(chance.randrange(len(raw["journeys"])))


SPOILS: tuple[Spoil, ...] = (
    share_of_everything, floor_broken, margin_broken, discount_in_truth, above_ceiling, cap_plus_one, nobody_permits,
    at_night, unknown_template, template_of_the_future, everyone, no_holdout, everybody_withheld, no_amount, no_rate,
    other_currency, stacked, dressed_up, receipt_with_offer, misdated, too_soon, shut_channel, strange_language,
    id_twice, offer_of_nobody, own_figures, loose_guardrails, foreign_field, lost_cent, no_cohort,
)  # fmt: skip
"""Every way there is."""
