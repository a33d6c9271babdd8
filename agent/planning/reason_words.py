"""The Chinese sentences of every reason of every guardrail; the English ones stand with the guardrails themselves."""

from collections.abc import Mapping
from typing import Literal

Unit = Literal["none", "as_is", "rate", "clock", "cohort", "channel", "class", "flow"]
"""How a reason's figures are written; `none`: the sentence says it all."""

SENTENCES: Mapping[str, Mapping[str, tuple[str, Unit]]] = {
    "no_rule": {"no_rule": ("没有任何护栏检查过该方案，因此不能继续", "none")},
    "known": {
        "unknown_template": ("引用的步骤模板不存在或与消息种类不符，请从目录中选择", "none"),
        "unknown_offer": ("附带的优惠不存在，或不适用于该人群", "none"),
        "unknown_content": ("内容库中没有该内容、内容已更改，或该步骤不能使用内容；请从内容库中选择", "as_is"),
        "unknown_offer_kind": ("没有这种优惠，请从目录中选择", "as_is"),
        "empty_journey": ("没有剩下任何步骤；请添加一步，或收回一项排除", "none"),
        "stale": ("方案所依据的版本与现行的不同，请重新起草", "none"),
    },
    "duplicates": {
        "id_twice": ("同一编号出现了两次", "as_is"),
        "message_twice": ("同一种消息在同一天出现了两次", "none"),
        "step_twice": ("同一步骤在旅程中出现了两次，请只保留一个", "none"),
    },
    "dates": {
        "step_misdated": ("日期或阶段与距第 0 天的天数不符", "as_is"),
        "phases_misdated": ("各阶段必须从第 0 天起算", "none"),
        "anchor_before_peak_end": ("第 0 天必须在大促结束之后", "as_is"),
        "steps_unordered": ("步骤没有按日期先后排列", "none"),
        "offer_not_valid_then": ("附带它的步骤在有效期之外发送", "as_is"),
        "out_of_season": ("方案期内没有适合该模板的时节，请去掉它", "none"),
    },
    "plan_budget": {
        "missing_rate": ("缺少换算到店铺货币的汇率，请先导入", "as_is"),
        "above_budget": ("超出了预算上限", "as_is"),
        "mixed_currency": ("所有金额必须使用店铺的货币", "as_is"),
        "lines_not_whole": ("四个预算类别之和与总额不符", "none"),
        "negative_line": ("任何预算类别都不能为负", "none"),
        "worst_case_above": ("最坏情况下的花费超过了总预算", "as_is"),
    },
    "budget_share": {
        "share_misstated": ("方案写明的占比与按金额算出的不符", "rate"),
        "outside_path_step": ("购后投入在营销预算中的占比超出了这一步允许的范围", "rate"),
    },
    "offer_complete": {
        "benefit_incomplete": ("权益文案缺少必须写明的数值占位符", "as_is"),
        "unbound_claim": ("权益文案里有事实无法支持的说法，请删去", "as_is"),
        "free_figure": ("权益文案自带了数字，请改用占位符", "as_is"),
        "never_valid": ("在开始之前就已结束", "none"),
        "wrong_currency": ("必须使用店铺的货币", "as_is"),
        "negative_sum": ("含有负的金额", "none"),
        "cost_missing": ("没有写明每次使用的成本", "none"),
        "gift_unavailable": ("赠品没有库存，或没有设最低消费", "as_is"),
        "no_gift_in_stock": ("没有成本合适且库存足够的商品可作赠品", "as_is"),
        "figures_misstated": ("写明的最坏毛利率、价格比或折扣率与算出的不符", "none"),
    },
    "new_goods": {
        "new_goods_to_all": (
            "也会把新品告诉没有看过同类商品的人；请用商品规则「newest」并跳过无合适商品的人，或在护栏中批准",
            "as_is",
        )
    },
    "price_floor": {"below_price_floor": ("连同可叠加的优惠，实付价与标价之比低于底线", "rate")},
    "margin_floor": {
        "below_margin_floor": ("最坏订单的毛利率低于底线", "rate"),
        "margin_unknown": ("没有任何成本数据，无法核对毛利底线；请导入成本", "none"),
        "no_category_keeps_margin": ("会使所有品类都低于毛利底线", "rate"),
    },
    "discount_ceiling": {
        "above_ceiling": ("折扣高于该人群的上限", "rate"),
        "no_discount_for_cohort": ("折扣上限不允许给该人群降价；请改用积分或优先购买", "none"),
    },
    "goal_window": {
        "window_mismatch": ("在目标期限内无法兑换", "as_is"),
        "no_redemption_window": ("抵用金在最后一天之后才能使用，请延长有效期", "as_is"),
    },
    "cautious_offers": {
        "threshold_too_low": ("门槛不高于价格敏感客户的客单价中位数；请提高门槛或限定在高毛利品类", "none"),
    },
    "frequency_cap": {"cap_exceeded": ("时间窗内的同类消息过多，请移动或去掉一条", "as_is")},
    "recent_buyer": {"inside_recent_buyer_window": ("促销消息落在近期购买者的保护期内；限值为最早可发的日子", "as_is")},
    "quiet_hours": {
        "quiet_hours": ("发送时间在店铺允许的时段之外", "clock"),
        "legal_hours": ("发送时间在当地法律允许的时段之外", "clock"),
    },
    "consent": {"reach_without_consent": ("预计人数多于允许通过其渠道联系的人数", "as_is")},
    "suppression": {},
    "holdout": {
        "holdout_too_small": ("对照组的比例太小", "rate"),
        "holdout_too_large": ("对照组的比例太大，可触达的人太少", "rate"),
    },
    "languages": {"language_not_allowed": ("文案使用了不允许的语言", "as_is")},
    "channels": {"channel_not_allowed": ("使用了不允许的渠道", "channel")},
    "promo_ratio": {"too_much_promotion": ("促销消息的比例过高；请增加关怀或减少促销", "rate")},
    "reach": {
        "too_many_people": ("触达的人数过多", "as_is"),
        "cohorts_differ": ("方案中的人群与所依据的数据不符，请重新起草", "none"),
    },
    "message_class": {
        "wrong_class": ("消息类别与其种类不符", "class"),
        "offer_in_disguise": ("只有促销消息可以附带优惠", "class"),
    },
    "distinct_journeys": {
        "same_journey": ("与另一人群的步骤完全相同，请加以区分", "cohort"),
        "journeys_missing": ("每个人群必须恰好有一条旅程", "none"),
    },
    "phase_one_no_discount_push": {
        "discount_push_in_phase_one": ("前两周内不向首单客户推送降价（第 14 天起可以）", "none"),
    },
    "broad_promo": {"broad_promotion": ("不向回流客户做大范围促销；请限定在其感兴趣的品类", "none")},
    "five_step_flow": {"flow_step_missing": ("缺少五步流程中的一步；请添加，或写明不做的理由", "flow")},
    "app_nudge": {
        "app_not_important": ("需求没有说明 App 重要，方案却提醒打开 App", "none"),
        "nudge_too_often": ("提醒打开 App 的间隔太短；限值为最少天数", "as_is"),
    },
    "seasonal_offers": {"seasonal_discount": ("时令消息不附带折扣；请去掉优惠，或放到折扣步骤上", "none")},
    "brief_kept": {
        "excluded_step": ("需求已去掉该步骤，方案中却仍有它", "none"),
        "moved_back": ("所在的天与需求指定的不同", "as_is"),
        "holdout_differs": ("对照组比例与需求不同", "rate"),
    },
}  # fmt: skip
"""Rule, code, and what is said with the unit of its figures. Codes that are no guardrail's come from drafting."""

PLACES: Mapping[str, str] = {
    "anchor_on": "第 0 天", "brief.budget": "需求中的预算", "budget": "预算", "budget.lines": "预算分配",
    "budget.share_rate": "营销预算占比", "budget.total": "预算总额", "budget.worst_case_cost": "最坏情况成本",
    "cohorts": "人群", "data_version": "数据版本", "guardrail_version": "护栏版本", "holdout.rate": "对照组",
    "journeys": "旅程", "languages": "语言", "offers": "优惠", "phases": "阶段", "shop_id": "店铺", "steps": "步骤",
}  # fmt: skip
"""Fields of a plan."""
CHANNELS: dict[str, str] = {"email": "邮件", "sms": "短信", "push": "推送", "onpage": "页面", "none": "无"}
CLASSES: dict[str, str] = {
    "transactional": "交易", "service": "服务", "promotional": "促销", "on_page": "页面展示",
}  # fmt: skip
FLOW: Mapping[str, str] = {
    "order_confirmation": "订单确认", "shipping_notice": "发货通知", "usage_guide": "使用指南",
    "review_request": "评价邀请", "second_incentive": "二次购买激励",
}  # fmt: skip
OFFERS: Mapping[str, str] = {
    "early_access": "优先购买", "free_shipping": "免运费", "gift_with_purchase": "满赠", "mission_points": "任务积分",
    "points_multiple": "多倍积分", "referral_reward": "推荐奖励", "review_points": "评价积分",
    "store_credit": "店铺抵用金", "wallet_credit": "钱包抵用金", "discount": "折扣",
}  # fmt: skip
"""Kinds of offers, as an offer's id ends."""
INCENTIVES: dict[str, str] = {
    "discount": "折扣", "store_credit": "抵用金", "points_multiple": "多倍积分", "bonus_points": "积分",
    "gift_with_purchase": "满赠", "free_expedited_shipping": "免运费", "early_access": "优先购买",
    "referral_reward": "推荐奖励",
}  # fmt: skip
