"""The predictions in words, in English and Chinese; historic and predicted figures stand apart."""

from typing import Literal

from memory.domain.experiment import Interval
from memory.domain.money import Money
from memory.domain.outcome import NotEstimable

from .chance import PredictionCard
from .clv import Backtest, ClvPredicted
from .report import Predictions

PageLanguage = Literal["en", "zh"]
WORDS: dict[PageLanguage, dict[str, str]] = {
    "en": {
        "title": "What to expect of the buyers of {shop}",
        "head": "Facts up to {as_of}, data version {version}. Everything predicted is an estimate and no promise.",
        "historic": "Historic CLV: {mean} per customer so far ({n} customers).",
        "predicted": "Predicted CLV: {mean} revenue per buyer in the next {days} days (95 %: {low} to {high}).",
        "margin": "In margin: {mean} (95 %: {low} to {high}).",
        "meaning": "The interval says how sure the fit is, not how far one person will be from it.",
        "alive": "{alive} of {n} buyers are expected not to have stopped; {again} bought on a second day.",
        "due": "{n} of them are expected to order within 30 days without being asked.",
        "shrunk": "So few buyers that published parameters of another shop were mixed in: an assumption.",
        "check": "Checked on the past: {days} days ago it expected {predicted} days of purchase; {actual} came.",
        "head_repeat": "A further order within {days} days",
        "head_leaving": "Leaving within {days} days: consent taken back, or a complaint",
        "learned_repeat": (
            "Learned on {n} buyers as of {then}, {happened} of whom ordered again; judged on {held} others held out."
        ),
        "learned_leaving": (
            "Learned on {n} buyers with consent as of {then}, {happened} of whom left; judged on {held} others, "
            "held out."
        ),
        "auc": "AUC {auc} (95 %: {low} to {high}); with purchase history alone {simple}; 0.5 is chance.",
        "brier": "Brier score {own}; with purchase history alone {simple}; everybody at the base rate {base}.",
        "useless": "No better than telling everybody the base rate: don't use these chances.",
        "no_more": "The six families add nothing to the purchase history here.",
        "families": "AUC lost without each family of features (95 %)",
        "unknown": "the shop's facts say nothing about it",
        "limits_leaving": (
            "It says who tends to leave under the messages that were sent then; fewer or more of them change it."
        ),
        "limits_repeat": (
            "It says who tends to order again without being asked, not whom a message changes: only a control group "
            "shows that."
        ),
        "fifths": "Predicted CLV per buyer: fifths, 5 the highest",
        "fifth": "fifth {n}", "was": "so far {amount}", "everybody": "all buyers",
        "calibration_repeat": "Expected and observed share of a further order, held-out people",
        "calibration_leaving": "Expected and observed share of those who left, held-out people",
        "bin": "expected {share}",
        "why": "not estimable: {message}",
        "discount_depth": "discount depth", "gift": "gift bought", "n_items": "number of items",
        "delivery": "delivery experience", "returns": "returns", "engagement": "engagement after the purchase",
        "history": "history of purchases",
    },
    "zh": {
        "title": "{shop} 的买家：可以期待什么",
        "head": "事实截至 {as_of}，数据版本 {version}。所有预测都是估计，不是承诺。",
        "historic": "历史客户价值（CLV）：至今每位客户 {mean}（{n} 位客户）。",
        "predicted": "预测客户价值（CLV）：未来 {days} 天每位买家收入 {mean}（95 %：{low} 至 {high}）。",
        "margin": "按毛利：{mean}（95 %：{low} 至 {high}）。",
        "meaning": "区间表示拟合有多确定，不表示某个人会偏离多少。",
        "alive": "{n} 位买家中预计 {alive} 位尚未流失；{again} 位在第二天或以后再次购买过。",
        "due": "其中约 {n} 位预计在 30 天内自行再次下单。",
        "shrunk": "买家太少，混入了另一家店公开发表的参数：这是假设。",
        "check": "用过去检验：{days} 天前该方法预计有 {predicted} 个购买日，实际 {actual} 个。",
        "head_repeat": "{days} 天内再次下单",
        "head_leaving": "{days} 天内离开：撤回同意或投诉",
        "learned_leaving": (
            "以截至 {then} 的 {n} 位已同意的买家学习，其中 {happened} 位离开；在留出的 {held} 位上评判。"
        ),
        "learned_repeat": "以截至 {then} 的 {n} 位买家学习，其中 {happened} 位再次下单；在留出的 {held} 位上评判。",
        "auc": "AUC {auc}（95 %：{low} 至 {high}）；只用购买历史为 {simple}；0.5 等于随机。",
        "brier": "Brier 分数 {own}；只用购买历史为 {simple}；一律用基准率为 {base}。",
        "useless": "不比一律使用基准率更好：请勿使用这些概率。",
        "no_more": "在此店，六类特征没有给购买历史增加信息。",
        "families": "去掉每类特征后损失的 AUC（95 %）",
        "unknown": "店铺的事实没有相关信息",
        "limits_leaving": "它说明在当时的发送量下谁倾向离开；发得更多或更少都会改变它。",
        "limits_repeat": "它说明谁本来就倾向再次下单，而不是消息能改变谁：后者只有对照组能说明。",
        "fifths": "每位买家的预测客户价值：五等份，5 为最高",
        "fifth": "第 {n} 份", "was": "至今 {amount}", "everybody": "全部买家",
        "calibration_repeat": "留出人群再次下单的预计与实际比例",
        "calibration_leaving": "留出人群离开的预计与实际比例",
        "bin": "预计 {share}",
        "why": "无法估计：{message}",
        "discount_depth": "折扣深度", "gift": "购买礼品", "n_items": "件数", "delivery": "配送体验",
        "returns": "退货", "engagement": "购后互动", "history": "购买历史",
    },
}  # fmt: skip


def render_predictions(report: Predictions, language: PageLanguage = "en") -> str:
    """Give the report as plain text."""
    return "\n".join((title(report, language), *value_lines(report, language), "",
                      *chance_lines(report.repeat, "repeat", language), "",
                      *chance_lines(report.leaving, "leaving", language)))  # fmt: skip


def title(report: Predictions, language: PageLanguage) -> str:
    """Give the heading."""
    return WORDS[language]["title"].format(shop=report.shop_name)


def value_lines(report: Predictions, language: PageLanguage) -> list[str]:
    """Give head, historic and predicted CLV, one sentence each."""
    words = WORDS[language]
    lines = [words["head"].format(as_of=f"{report.as_of:%Y-%m-%d}", version=report.data_version)]
    historic = report.historic
    if isinstance(historic, NotEstimable):
        lines.append(words["why"].format(message=historic.message))
    else:
        mean = _money(historic.mean_minor.estimate, historic.currency)
        lines.append(words["historic"].format(mean=mean, n=f"{historic.n_people:,}"))
    if isinstance(report.clv, NotEstimable):
        return [*lines, words["why"].format(message=report.clv.message)]
    return [*lines, *_clv_lines(report.clv, language)]


def _clv_lines(clv: ClvPredicted, language: PageLanguage) -> list[str]:
    words = WORDS[language]

    def between(one: Interval) -> dict[str, str]:
        return {
            "mean": _money(one.estimate, clv.currency),
            "low": _money(one.low, clv.currency),
            "high": _money(one.high, clv.currency),
        }

    lines = [words["predicted"].format(days=clv.horizon_days, **between(clv.mean_minor))]
    if isinstance(clv.margin_mean_minor, Interval):
        lines.append(words["margin"].format(**between(clv.margin_mean_minor)))
    lines.append(words["meaning"])
    counts = {"n": f"{clv.n_people:,}", "alive": f"{clv.n_alive:,.0f}", "again": f"{clv.n_repeat:,}"}
    lines.append(words["alive"].format(**counts))
    lines.append(words["due"].format(n=f"{clv.n_due_30d:,.0f}"))
    if clv.is_shrunk:
        lines.append(words["shrunk"])
    if isinstance(clv.check, Backtest):
        figures = {"predicted": f"{clv.check.predicted_orders:,.0f}", "actual": f"{clv.check.actual_orders:,}"}
        lines.append(words["check"].format(days=clv.check.days, **figures))
    return lines


def chance_lines(card: PredictionCard | NotEstimable, outcome: str, language: PageLanguage) -> list[str]:
    """Give the card of the chances of an outcome, one sentence a line."""
    words = WORDS[language]
    if isinstance(card, NotEstimable):
        return [words["why"].format(message=card.message)]
    learned = {"n": f"{card.n_people:,}", "happened": f"{card.n_happened:,}", "held": f"{card.n_held_out:,}"}
    area = {"auc": f"{card.auc.estimate:.3f}", "low": f"{card.auc.low:.3f}", "high": f"{card.auc.high:.3f}"}
    scores = {"own": card.brier, "simple": card.brier_simple, "base": card.brier_base}
    lines = [
        f"{words[f'head_{outcome}'].format(days=card.window_days)}:",
        words[f"learned_{outcome}"].format(then=f"{card.features_at:%Y-%m-%d}", **learned),
        words["auc"].format(simple=f"{card.auc_simple.estimate:.3f}", **area),
        words["brier"].format(**{name: f"{one.estimate:.4f}" for name, one in scores.items()}),
    ]
    if not card.beats_base_rate:
        lines.append(words["useless"])
    if not card.beats_simple:
        lines.append(words["no_more"])
    lines.append(f"{words['families']}:")
    for one in card.families:
        lost = f"{one.auc_lost.estimate:+.3f} ({one.auc_lost.low:+.3f} – {one.auc_lost.high:+.3f})"
        lines.append(f"  {words[one.family]}: {lost if one.is_known else words['unknown']}")
    return [*lines, words[f"limits_{outcome}"]]


def _money(minor: float, currency: str) -> str:
    return str(Money(amount_minor=round(minor), currency=currency))
