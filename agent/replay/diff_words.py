"""The difference of two sessions in words, English and Chinese."""

from collections.abc import Iterator

from .diff import SessionDiff

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "same": "Nothing changed: the same plan, the same end{decisions}.",
        "same_decisions": ", the same decisions",
        "first": "First cause: {name} ({before} → {after}){place}.",
        "further": "Also differs: {name} ({before} → {after}){place}.",
        "at": " at {place}",
        "ends": "Ends: {before} → {after}.",
        "decisions": "Decisions: {n_same} same, {n_changed} changed, {n_only_a} only in A, {n_only_b} only in B.",
        "one": "{step}, {person}: {before} ({reason_before}) → {after} ({reason_after})",
        "decisions_not_bundled": "Decisions were not compared: at least one side holds none.",
        "not_asked_so": "The recorded answers were given to other questions: {rest}.",
        "steps_without_inputs": "No candidates were kept for these steps of the other plan: {rest}.",
        "brief": "what was asked", "data": "data", "guardrails": "guardrails", "prompt": "prompt",
        "llm": "language model", "code": "code",
    },
    "zh": {
        "same": "没有变化：计划相同，结局相同{decisions}。",
        "same_decisions": "，决策也相同",
        "first": "首要原因：{name}（{before} → {after}）{place}。",
        "further": "另有不同：{name}（{before} → {after}）{place}。",
        "at": "，位置 {place}",
        "ends": "结局：{before} → {after}。",
        "decisions": "决策：{n_same} 个相同，{n_changed} 个改变，{n_only_a} 个仅在 A，{n_only_b} 个仅在 B。",
        "one": "{step}，{person}：{before}（{reason_before}）→ {after}（{reason_after}）",
        "decisions_not_bundled": "未比较决策：至少一方不含决策。",
        "not_asked_so": "录下的回答被用于另外的问题：{rest}。",
        "steps_without_inputs": "另一计划的这些步骤没有保存候选：{rest}。",
        "brief": "需求", "data": "数据", "guardrails": "护栏", "prompt": "提示词", "llm": "语言模型", "code": "代码",
    },
}  # fmt: skip


def diff_lines(found: SessionDiff, language: str = "en") -> tuple[str, ...]:
    """Give the difference as lines, in `zh` or `en`; the first names the first cause."""
    words = WORDS["zh" if language == "zh" else "en"]
    return tuple(_lines(found, words))


def _lines(found: SessionDiff, words: dict[str, str]) -> Iterator[str]:
    if not found.is_changed:
        yield words["same"].format(decisions=words["same_decisions"] if found.decisions else "")
    for number, cause in enumerate(found.causes):
        place = words["at"].format(place=cause.place) if cause.place else ""
        told = {"name": words[cause.name], "before": cause.before or "-", "after": cause.after or "-", "place": place}
        yield words["first" if found.is_changed and number == 0 else "further"].format(**told)
    if found.end_a != found.end_b:
        yield words["ends"].format(before=found.end_a, after=found.end_b)
    yield from (part.words for part in found.parts)
    if found.decisions is not None:
        yield words["decisions"].format(**found.decisions.model_dump())
        for one in found.decisions.listed:
            yield words["one"].format(
                step=one.step_id,
                person=one.person_id,
                before=one.before or "-",
                after=one.after or "-",
                reason_before=one.reason_before or "-",
                reason_after=one.reason_after or "-",
            )
    for note in found.notes:
        code, _, rest = note.partition(": ")
        yield words[code].format(rest=rest)
