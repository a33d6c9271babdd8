"""Why a decision fell, in sentences, in English and Chinese."""

from memory.domain.money import Money, exponent

from .why_record import Change, Contender, Why

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Why: {id}",
        "chosen": "Chosen: {option}, worth {worth}.", "runner_up": "Next: {option}, worth {worth}.",
        "none": "send nothing", "with": "{channel} with offer {offer}",
        "term": "  {name}: {amount}",
        "added_margin": "expected added margin, long-run losses taken off",
        "send_and_incentive": "sending and incentive",
        "price_of_money": "what the money would earn elsewhere",
        "price_of_grants": "what the offer's grants would earn elsewhere",
        "frequency_cap": "the frequency cap", "guardrail": "a guardrail",
        "decisive": "What tells them apart: {name}; the lead is {lead}.",
        "rival": "The cap's seat goes to the better message of the same person: {rival}.",
        "chance": "Chance took {option} instead, so that effects can be learned.",
        "asked": "The person asked for {channel}: nothing else was weighed.",
        "asked_blocked": "The person asked for {channel}, which could not be used: {reasons}.",
        "not_offered": "this message does not go there", "to_email": "e-mail", "to_sms": "SMS", "to_push": "push",
        "near_tie": "This was a near tie: the whole plan settled it, not the prices alone.",
        "blocked": "  blocked by: {reasons}",
        "flip": "It flips to {then} if {parts}. Tried: all {n} decisions of the batch were decided again.",
        "no_flip": "No single change was found that flips it.",
        "effect": "{channel} were expected to add {to:.3g} orders instead of {was:.3g}",
        "value": "{channel} were worth {amount} {more}", "more": "more", "less": "less",
        "lifted": "{channel} were not blocked by {reasons}", "slots": "the frequency cap allowed {n} more",
        "cheaper": "{channel} cost {amount} less, as more is not left", "grants": "the offer could be granted again",
        "and": " and ", "facts": "Known: {facts}.",
    },
    "zh": {
        "title": "原因：{id}",
        "chosen": "选中：{option}，价值 {worth}。", "runner_up": "其次：{option}，价值 {worth}。",
        "none": "不发送", "with": "{channel}，附优惠 {offer}",
        "term": "  {name}：{amount}",
        "added_margin": "预期新增毛利（已扣除长期损失）", "send_and_incentive": "发送与激励成本",
        "price_of_money": "这笔钱用在别处能赚的", "price_of_grants": "优惠名额用在别处能赚的",
        "frequency_cap": "频次上限", "guardrail": "护栏",
        "decisive": "决定性因素：{name}；领先 {lead}。",
        "rival": "上限的名额给了同一人更好的消息：{rival}。",
        "chance": "随机改选了 {option}，以便学习效果。",
        "asked": "此人要求用 {channel}：没有考虑其他渠道。",
        "asked_blocked": "此人要求用 {channel}，但无法使用：{reasons}。",
        "not_offered": "这条消息不发往该渠道", "to_email": "电子邮件", "to_sms": "短信", "to_push": "应用推送",
        "near_tie": "几乎打平：由整体方案决定，而不是仅凭价格。",
        "blocked": "  被拦截：{reasons}",
        "flip": "如果{parts}，则改为 {then}。已验证：该批次的全部 {n} 个决策重新做过。",
        "no_flip": "没有找到能改变它的单一变化。",
        "effect": "{channel} 预期新增订单为 {to:.3g} 而不是 {was:.3g}",
        "value": "{channel} 的价值{more} {amount}", "more": "多", "less": "少",
        "lifted": "{channel} 未被 {reasons} 拦截", "slots": "频次上限多允许 {n} 条",
        "cheaper": "{channel} 少花 {amount}（已无更多预算）", "grants": "该优惠还能再发放",
        "and": "，并且", "facts": "已知：{facts}。",
    },
}  # fmt: skip


def why_lines(found: Why, language: str = "en") -> tuple[str, ...]:
    """Give the explanation, one sentence a line."""
    words = TEXTS[language]
    lines = [words["title"].format(id=found.decision_id)]
    for name, one in (("chosen", found.chosen), ("runner_up", found.runner_up)):
        lines += _contender(found, name, one, words)
    if found.asked:
        reasons = ", ".join(words.get(reason, reason) for reason in found.asked_blocked)
        asked = words["asked_blocked" if reasons else "asked"]
        lines.append(asked.format(channel=words.get(f"to_{found.asked}", found.asked), reasons=reasons))
    if found.decisive != "none":
        lead = _money(found, found.lead_millis)
        lines.append(words["decisive"].format(name=words[found.decisive], lead=lead))
    if found.rival:
        lines.append(words["rival"].format(rival=found.rival))
    if found.chance:
        lines.append(words["chance"].format(option=_named(found.chance, words)))
    if found.is_near_tie:
        lines.append(words["near_tie"])
    lines.append(_flip(found, words))
    facts = ", ".join(f"{name} {value}" for name, value in found.facts.items() if value)
    return (*lines, words["facts"].format(facts=facts))


def _contender(found: Why, name: str, one: Contender, words: dict[str, str]) -> list[str]:
    option = _named(one.channel, words)
    if one.offer_id:
        option = words["with"].format(channel=option, offer=one.offer_id)
    lines = [words[name].format(option=option, worth=_money(found, one.worth_millis))]
    lines += [
        words["term"].format(name=words[term.name], amount=_money(found, term.millis))
        for term in one.terms
        if term.millis
    ]
    return [*lines, words["blocked"].format(reasons=", ".join(one.reasons))] if one.reasons else lines


def _flip(found: Why, words: dict[str, str]) -> str:
    if found.change is None:
        return words["no_flip"]
    parts = words["and"].join(_parts(found, found.change, words))
    return words["flip"].format(then=_named(found.then, words), parts=parts, n=f"{found.n_decisions:,}")


def _parts(found: Why, change: Change, words: dict[str, str]) -> list[str]:
    parts = []
    if change.effect_to is not None:
        parts.append(words["effect"].format(channel=change.channel, to=change.effect_to, was=change.effect_from))
    elif change.value_millis:
        more = words["more" if change.value_millis > 0 else "less"]
        amount = _money(found, abs(change.value_millis))
        parts.append(words["value"].format(channel=change.channel, amount=amount, more=more))
    if change.lifted:
        parts.append(words["lifted"].format(channel=change.channel, reasons=", ".join(change.lifted)))
    if change.less_cost_millis:
        amount = _money(found, change.less_cost_millis)
        parts.append(words["cheaper"].format(channel=change.channel, amount=amount))
    if change.more_grants:
        parts.append(words["grants"])
    if change.more_slots:
        parts.append(words["slots"].format(n=change.more_slots))
    return parts


def _named(channel: str, words: dict[str, str]) -> str:
    return words["none"] if channel in ("", "none") else channel


def _money(found: Why, millis: int) -> str:
    """Give thousandths of a minor unit as money; below a hundred minor units with all their digits."""
    if abs(millis) >= 100_000 or millis == 0:
        return str(Money(amount_minor=round(millis / 1000), currency=found.currency))
    digits = exponent(found.currency)
    return f"{millis / 1000 / 10**digits:.{digits + 3}f} {found.currency}"
