"""One person in words, in English and Chinese: what each value is called, and what its codes mean."""

from .lift_text import ReportLanguage
from .person_view import MergeLog, PersonFact, PersonView

_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "person": "person", "as_of": "facts up to", "data_version": "data version", "records": "records",
        "erased": "erased", "context": "Context", "facts": "What else is known",
        "merges": "Why these records are one person", "what": "what", "value": "value", "newest": "newest fact",
        "arrived": "imported", "sources": "from", "link": "link", "rule": "rule", "source": "source", "at": "at",
        "state": "state", "holds": "holds", "reversed": "reversed by {by}", "yes": "yes", "no": "no",
    },
    "zh": {
        "person": "客户", "as_of": "事实截至", "data_version": "数据版本", "records": "记录", "erased": "已删除",
        "context": "背景", "facts": "其他已知信息", "merges": "这些记录为何是同一个人", "what": "项目", "value": "值",
        "newest": "最新事实", "arrived": "导入时间", "sources": "来源", "link": "关联", "rule": "规则",
        "source": "来源", "at": "时间", "state": "状态",
        "holds": "有效", "reversed": "由{by}撤销", "yes": "是", "no": "否",
    },
}  # fmt: skip
_NAMES = {
    "top_category": "最常购买的品类", "top_category_share": "该品类占比", "price_sensitivity_rate": "价格敏感度",
    "loyalty_status": "忠诚状态", "n_orders": "购买次数", "revenue_minor": "历史消费额（最小货币单位）",
    "last_order_at": "最近一次购买", "n_returns": "退货次数", "late_delivery_share": "迟到配送占比",
    "last_seen_at": "最近一次出现", "market": "市场", "language": "语言", "zone": "时区", "consent_email": "邮件许可",
    "consent_sms": "短信许可", "consent_push": "推送许可",
}  # fmt: skip
_CONTACT = {
    "email": "邮箱", "phone": "电话", "push_token": "推送令牌", "first_name": "名", "last_name": "姓",
    "country": "国家", "language": "语言", "zone": "时区",
}  # fmt: skip
_STATUSES = {
    "champion": "核心客户", "loyal": "忠诚客户", "repeat": "复购客户", "one_time": "只购买过一次", "lapsed": "已流失",
}  # fmt: skip
_KINDS = {"email": "邮箱", "phone": "电话", "customer_id": "客户编号", "device": "设备"}


class PersonWords:
    """Says a person in one language."""

    def __init__(self, language: ReportLanguage) -> None:
        """Speak `language`."""
        self._language: ReportLanguage = language

    def __call__(self, key: str) -> str:
        """Give a title or column's word."""
        return _WORDS[self._language][key]

    def head(self, found: PersonView) -> dict[str, object]:
        """Give who it is, how fresh, and the contact data that may be seen, by name."""
        head: dict[str, object] = {self("person"): found.person_id, self("as_of"): found.as_of}
        head |= {self("data_version"): found.data_version, self("records"): found.records}
        head |= {self("erased"): self("yes" if found.is_erased else "no")}
        if found.contact is not None:
            given = found.contact.model_dump(exclude={"subject_id"})
            is_zh = self._language == "zh"
            head |= {_CONTACT[name] if is_zh else name: value for name, value in given.items() if value}
        return head

    def fact(self, one: PersonFact) -> tuple[object, ...]:
        """Give a row: name, value, newest fact, import, sources."""
        name = _NAMES[one.name] if self._language == "zh" else one.name.replace("_", " ")
        return (name, self._value(one), _day(one.newest_fact_at), _day(one.arrived_at), one.sources)

    def merge(self, one: MergeLog) -> tuple[object, ...]:
        """Give a row: link, records, rule, source, instant, state."""
        kinds = (one.left_kind, one.right_kind)
        left, right = (_KINDS.get(kind, kind) if self._language == "zh" else kind for kind in kinds)
        state = self("reversed").format(by=one.reversed_by) if one.reversed_at else self("holds")
        return (one.link_id, f"{left} = {right}", one.rule, one.source, one.at, state)

    def _value(self, one: PersonFact) -> object:
        if isinstance(one.value, bool):
            return self("yes" if one.value else "no")
        if one.name == "loyalty_status" and self._language == "zh":
            return _STATUSES.get(str(one.value), one.value)
        return one.value


def _day(at: object) -> str:
    return f"{at:%Y-%m-%d}" if at else ""
