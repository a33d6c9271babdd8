"""What the chat says, in English and Chinese."""

from .state import ChatLanguage

TEXTS: dict[str, dict[ChatLanguage, str]] = {
    "no_llm": {
        "en": "No language model is set up, so I work by rule. I understand wishes such as “no SMS in Germany, "
        "spend at most 2,000 EUR, VIPs first”, “what if …”, “why …”, “undo” and “draft”.",
        "zh": "没有配置语言模型，我按规则工作。我能听懂这样的要求："
        "“德国别发短信，预算两千欧，VIP 先买”、“如果……”、“为什么……”、“撤销”和“起草”。",
    },
    "with_llm": {
        "en": "A language model helps me read your wishes; every figure and limit is still computed by code.",
        "zh": "我借助语言模型理解您的要求；所有数字和限制仍由程序计算和检查。",
    },
    "not_understood": {
        "en": "I did not understand a change in that. Say for example “no SMS in Germany”, “budget 2,000 EUR”, “VIPs "
        "first”, “holdout 10 %”, or “draft”.",
        "zh": "我没有听出要改什么。可以这样说：“德国别发短信”、“预算两千欧”、“VIP 先买”、“对照组 10%”，或“起草”。",
    },
    "drafted": {
        "en": "Here is the plan: {n_steps} steps for {n_people} people from {anchor}, budget {budget}.",
        "zh": "计划如下：从 {anchor} 起，面向 {n_people} 人，共 {n_steps} 步，预算 {budget}。",
    },
    "changed": {"en": "Done. This changed:", "zh": "已修改，变化如下："},
    "unchanged": {"en": "Noted; the plan stays the same.", "zh": "已记下，计划没有变化。"},
    "refused": {
        "en": "That cannot be done; the plan stays as it was. Reasons:",
        "zh": "无法这样做，计划保持不变。原因：",
    },
    "stopped": {
        "en": "The language model did not get to a valid plan ({code}). Here is the playbook's plan instead.",
        "zh": "语言模型没有给出有效的计划（{code}）。下面是按规则制定的计划。",
    },
    "stopped_by_you": {
        "en": "Stopped. Nothing was changed; the plan is as it was.",
        "zh": "已停止。没有改动任何内容，计划保持原样。",
    },
    "brief_taken": {
        "en": "I took the brief; it replaces the wishes so far.",
        "zh": "已读取需求说明，它取代了此前的要求。",
    },
    "undone": {"en": "Taken back.", "zh": "已撤销。"},
    "nothing_to_undo": {"en": "There is nothing to take back.", "zh": "没有可以撤销的修改。"},
    "no_plan": {"en": "There is no plan yet; say “draft”.", "zh": "还没有计划，请说“起草”。"},
    "nothing_asked": {
        "en": "I did not understand which limit to look at. Ask for example “what if the budget were 3,000 EUR?”, "
        "“what if we allowed 3 promotional messages a week?”, “what if the margin floor were 30 %?” or “what if "
        "no SMS in Germany?”.",
        "zh": "我没有听出要看哪个限制。可以这样问：“如果预算是三千欧，会怎样？”、“如果每周最多三条促销？”、"
        "“如果毛利下限是 30%？”或“如果德国别发短信？”。",
    },
    "hidden": {
        "en": "I replaced personal data in your message; it is neither stored nor sent to a language model.",
        "zh": "我替换了消息中的个人信息，它不会被保存，也不会发送给语言模型。",
    },
}


def say(name: str, language: ChatLanguage, **values: object) -> str:
    """Give one text with its values filled in."""
    return TEXTS[name][language].format(**values)
