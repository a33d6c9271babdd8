"""The words of segment rules in English and Chinese: attributes, events, tests."""

from typing import Literal

from memory.domain.facts import EventKind
from memory.domain.profile import Attribute

WordLanguage = Literal["en", "zh"]

ATTRIBUTES: dict[Attribute, tuple[str, str]] = {
    "market": ("market", "市场"),
    "language": ("language", "语言"),
    "zone": ("time zone", "时区"),
    "first_order_at": ("first order", "首次下单时间"),
    "last_order_at": ("last order", "最近下单时间"),
    "previous_order_at": ("order before the last", "上一次下单时间"),
    "recency_days": ("days since the last order", "距最近一次下单的天数"),
    "n_orders": ("number of orders", "订单数"),
    "n_items": ("number of items", "购买件数"),
    "revenue_minor": ("money spent so far", "累计消费"),
    "aov_minor": ("average order value", "平均客单价"),
    "items_per_order": ("items per order", "每单件数"),
    "days_between_orders": ("mean days between orders", "平均下单间隔天数"),
    "discount_order_share": ("share of orders with a discount", "使用折扣的订单占比"),
    "discount_depth_rate": ("mean discount", "平均折扣幅度"),
    "price_sensitivity_rate": ("price sensitivity (0 to 1)", "价格敏感度（0至1）"),
    "gift_share": ("share of items that are gifts", "礼品件数占比"),
    "first_order_discount_rate": ("discount of the first order", "首单折扣幅度"),
    "first_sku": ("first article", "首购商品"),
    "first_category": ("first category", "首购品类"),
    "top_category": ("favourite category", "最常购买的品类"),
    "top_category_share": ("share of the favourite category", "最常购品类占比"),
    "top_category_in_stock_share": ("share of the favourite category in stock", "最常购品类有货商品占比"),
    "n_categories": ("number of categories bought", "购买过的品类数"),
    "return_share": ("share of orders returned", "退货占订单比例"),
    "n_returns": ("number of returns", "退货次数"),
    "n_deliveries": ("number of deliveries", "收货次数"),
    "late_delivery_share": ("share of late deliveries", "延迟送达占比"),
    "n_views_90d": ("views in 90 days", "90天内浏览次数"),
    "n_carts_90d": ("carts in 90 days", "90天内加购次数"),
    "n_app_opens_90d": ("app opens in 90 days", "90天内打开App次数"),
    "n_mail_opens_90d": ("mails opened in 90 days", "90天内打开邮件次数"),
    "n_mail_clicks_90d": ("mail clicks in 90 days", "90天内邮件点击次数"),
    "n_reviews": ("number of reviews", "评价次数"),
    "last_seen_at": ("last seen", "最近出现时间"),
    "web_share": ("share of orders on the web", "网页订单占比"),
    "app_share": ("share of orders in the app", "App订单占比"),
    "store_share": ("share of orders in a store", "门店订单占比"),
    "marketplace_share": ("share of orders on a marketplace", "第三方平台订单占比"),
    "device": ("device", "常用设备"),
    "origin": ("source of the first order", "首单来源"),
    "is_referred": ("came through a referral", "由朋友推荐而来"),
    "consent_email": ("may be mailed", "可发送邮件"),
    "consent_sms": ("may be texted", "可发送短信"),
    "consent_push": ("may be pushed", "可推送App消息"),
    "r_quintile": ("recency fifth (5 is best)", "最近购买五分位（5最好）"),
    "f_quintile": ("frequency fifth (5 is best)", "购买频次五分位（5最好）"),
    "m_quintile": ("money fifth (5 is best)", "消费金额五分位（5最好）"),
}

EVENTS: dict[EventKind, tuple[str, str]] = {
    "view": ("viewed", "浏览"),
    "cart": ("added to the cart", "加入购物车"),
    "checkout": ("began the checkout", "进入结账"),
    "app_open": ("opened the app", "打开App"),
    "mail_open": ("opened a mail", "打开邮件"),
    "mail_click": ("clicked in a mail", "点击邮件"),
    "review": ("wrote a review", "发表评价"),
    "photo_review": ("wrote a review with a photo", "发表带图评价"),
    "return": ("returned something", "退货"),
    "delivery": ("received a delivery", "收货"),
    "unsubscribe": ("unsubscribed", "退订"),
    "complaint": ("complained", "投诉"),
    "bounce": ("bounced", "邮件被退回"),
    "sent": ("were messaged by another tool", "被其他工具触达"),
}

TESTS: dict[str, tuple[str, str]] = {
    "eq": ("is", "为"),
    "ne": ("is not", "不为"),
    "lt": ("is below", "小于"),
    "le": ("is at most", "不超过"),
    "gt": ("is above", "大于"),
    "ge": ("is at least", "至少为"),
    "in": ("is one of", "属于"),
}
