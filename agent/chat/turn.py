"""One turn of a chat over ports: the same code answers a marketer and replays a recording."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from agent.llm.inputs import PlanInputs, record_inputs
from agent.llm.limits import BY_PERSON
from agent.planning.changes import apply_all, parse
from agent.planning.commands.hypothetical import read_hypothetical
from agent.planning.context import PlanContext
from agent.planning.differences import describe_difference, diff
from agent.planning.draft import PlanDraft
from agent.planning.explaining import explain
from agent.planning.what_if import AskedLimits, what_if
from agent.planning.what_if_words import what_if_lines
from agent.sessions.recorder import Recorder
from agent.toolbox.desk import Desk, Extras
from memory.domain.brief import Brief, BriefChange
from memory.domain.outcome import Blocked, Stopped
from memory.domain.plan import Plan, PlannerRef

from .events import ChatEvent, PlanChanged, PlanDrafted, PlanRefused, Said
from .intent import beside_drafting, beside_undoing, intent_of, part_named
from .state import ChatState, language_of
from .tools_heard import ToolEar
from .words import say

Drafted = tuple[Plan, PlanDraft]


@dataclass
class Ports:
    """What a turn may ask for."""

    recorder: Recorder
    """Records the turn."""
    gather: Callable[[Brief], tuple[PlanContext, Extras]]
    """The one data-reading step."""
    planner: PlannerRef
    """Who drafts."""
    draft: Callable[[PlanInputs], Drafted | Stopped] | None = None
    """The language model's draft; none where everything runs by rule."""
    translate: Callable[[str, PlanContext, Plan | None], tuple[BriefChange, ...]] | None = None
    """The language model's reading of words no rule understood."""


class Turn:
    """Runs one turn; `state` is the state after it."""

    def __init__(self, state: ChatState, ports: Ports) -> None:
        """Begin from a state."""
        self.state, self._ports = state, ports
        self._inputs: PlanInputs | None = None

    def run(self, text: str) -> Iterator[ChatEvent]:
        """Give the events of the turn; `text` holds no personal data any more."""
        self._ports.recorder.record("user", {"text": text})
        self._update(language=language_of(text, self.state.language))
        if not self.state.is_greeted:
            self._update(is_greeted=True)
            yield self._say("with_llm" if self._ports.draft else "no_llm")
        intent = intent_of(text)
        if intent == "undo":
            yield from self._undo()
            if beside := beside_undoing(text):
                yield from self._wish(beside)
        elif intent == "what_if":
            yield from self._what_if(text)
        elif intent == "why":
            yield self._why(text)
        elif intent == "help":
            yield self._say("not_understood")
        elif intent == "draft":
            yield from self._start(text)
        else:
            yield from self._wish(text)

    def attach(self, text: str, brief: Brief) -> Iterator[ChatEvent]:
        """Give the events of a turn that brings a whole brief: it replaces the wishes so far, and a plan is drafted."""
        self._ports.recorder.record("user", {"text": text, "brief": brief})
        self._update(language=language_of(text, self.state.language), is_greeted=True)
        yield self._say("brief_taken")
        yield from self._draft(brief)

    def _start(self, text: str) -> Iterator[ChatEvent]:
        """Draft, with the wishes that were said in the same breath; what was not understood is told, not dropped."""
        beside = beside_drafting(text)
        changes = (yield from self._understood(beside)) if beside else ()
        if beside and not changes:
            yield Said(text=f"{say('not_understood', self.state.language)} ({beside[:200]})")
        yield from self._draft(apply_all(self.state.brief, changes))

    def _wish(self, text: str) -> Iterator[ChatEvent]:
        changes = yield from self._understood(text)
        if not changes:
            yield self._say("not_understood")
            return
        brief = apply_all(self.state.brief, changes)
        yield from self._draft(brief) if self.state.plan is None else self._redraft(brief)

    def _understood(self, text: str) -> Generator[ChatEvent, None, tuple[BriefChange, ...]]:
        """Give the changes that a text asks for, and tell of phrases beside them that nobody understood."""
        inputs = self._gathered(self.state.brief)
        read = parse(text, inputs.context)
        changes = read.changes
        if read.unknown and self._ports.translate is not None:
            changes += self._ports.translate(". ".join(read.unknown), inputs.context, self.state.plan)
        elif read.unknown and changes:
            yield Said(text=f"{say('not_understood', self.state.language)} ({'; '.join(read.unknown)[:200]})")
        for change in changes:
            self._ports.recorder.record("change", {"change": change})
        return changes

    def _draft(self, brief: Brief) -> Iterator[ChatEvent]:
        inputs = self._gathered(brief)
        if self._ports.draft is not None:
            made = self._ports.draft(inputs)
            yield from self._tools()
            if not isinstance(made, Stopped):
                yield from self._stands(brief, made[1], made[0])
                return
            if made.code == BY_PERSON:
                yield self._say("stopped_by_you")
                return
            yield self._say("stopped", code=made.code)
        yield from self._settle(brief, None, self._by_rule(inputs))

    def _redraft(self, brief: Brief) -> Iterator[ChatEvent]:
        """Keep the language model's draft under the new wishes where that works, else draft by rule."""
        yield from self._settle(brief, *self._composed(brief))

    def _settle(self, brief: Brief, draft: PlanDraft | None, made: Plan | tuple[Blocked, ...]) -> Iterator[ChatEvent]:
        if isinstance(made, Plan):
            self._ports.recorder.record("plan", {"plan_id": made.id, "plan": made})
            yield from self._stands(brief, draft, made)
            return
        reasons = [reason.model_dump(mode="json") for reason in made]
        self._ports.recorder.record("refusal", {"tool": "", "reasons": reasons})
        yield self._say("refused")
        yield PlanRefused(reasons=made)

    def _stands(self, brief: Brief, draft: PlanDraft | None, plan: Plan) -> Iterator[ChatEvent]:
        before = self.state.plan
        self.state = self.state.moved(brief, draft, plan)
        if before is None:
            yield self._summary(plan)
            yield Said(text=explain(plan, "forecast", self.state.language))
            yield PlanDrafted(plan_id=plan.id, plan=plan)
            return
        yield from self._difference(before, plan)

    def _difference(self, before: Plan, plan: Plan) -> Iterator[ChatEvent]:
        found = diff(before, plan)
        yield self._say("changed" if found else "unchanged")
        yield PlanDrafted(plan_id=plan.id, plan=plan)
        yield PlanChanged(
            differences=tuple(one.model_dump(mode="json") for one in found),
            words=tuple(describe_difference(one, self.state.language) for one in found),
        )

    def _undo(self) -> Iterator[ChatEvent]:
        if not self.state.history or self.state.plan is None:
            yield self._say("nothing_to_undo")
            return
        now, back = self.state.plan, self.state.history[-1]
        self._ports.recorder.record("change", {"undo": True, "plan_id": back.plan.id})
        self._update(brief=back.brief, draft=back.draft, plan=back.plan, history=self.state.history[:-1])
        yield self._say("undone")
        yield from self._difference(now, back.plan)

    def _why(self, text: str) -> ChatEvent:
        if self.state.plan is None:
            return self._say("no_plan")
        return Said(text=explain(self.state.plan, part_named(text, self.state.plan), self.state.language))

    def _what_if(self, text: str) -> Iterator[ChatEvent]:
        """Work out other limits or wishes; the plan stays as it is."""
        plan, language = self.state.plan, self.state.language
        if plan is None:
            yield self._say("no_plan")
            return
        inputs = self._gathered(self.state.brief)
        asked = read_hypothetical(text, inputs.context)
        if asked.unknown or not (asked.changes or asked.limits != AskedLimits()):
            yield Said(text=f"{say('nothing_asked', language)} ({'; '.join(asked.unknown)[:200]})")
            return
        instead = self._composed(apply_all(self.state.brief, asked.changes))[1] if asked.changes else None
        if isinstance(instead, tuple):
            yield self._say("refused")
            yield PlanRefused(reasons=instead)
            return
        found = what_if(plan, inputs.context, asked.limits, instead)
        yield Said(text="\n".join(what_if_lines(found, language)))

    def _composed(self, brief: Brief) -> tuple[PlanDraft | None, Plan | tuple[Blocked, ...]]:
        """Make the plan of these wishes from the draft that stands, or by rule where there is none or it does not fit.

        Nothing is kept; the draft is none where the plan was made by rule.
        """
        inputs = self._gathered(brief)
        draft = self.state.draft
        made = self._desk(inputs).compose(draft) if draft is not None else None
        return (draft, made) if isinstance(made, Plan) else (None, self._by_rule(inputs))

    def _summary(self, plan: Plan) -> Said:
        return self._say(
            "drafted",
            n_steps=len(plan.steps()),
            n_people=sum(cohort.n_people for cohort in plan.cohorts),
            anchor=plan.anchor_on,
            budget=plan.budget.total,
        )

    def _tools(self) -> Iterator[ChatEvent]:
        """Tell which tools the planner used in this turn."""
        events = self._ports.recorder.events
        begin = max(number for number, event in enumerate(events) if event.kind == "user")
        ear = ToolEar()
        for event in events[begin:]:
            if (used := ear.hear(event)) is not None:
                yield used

    def _by_rule(self, inputs: PlanInputs) -> Plan | tuple[Blocked, ...]:
        from agent.planning.playbook import PlaybookPlanner

        planner = PlaybookPlanner()
        desk = Desk(brief=inputs.brief, context=inputs.context, planner=planner.ref)
        return desk.compose(planner.draft(inputs.brief, inputs.context))

    def _desk(self, inputs: PlanInputs) -> Desk:
        return Desk(brief=inputs.brief, context=inputs.context, planner=inputs.planner, extras=inputs.extras)

    def _gathered(self, brief: Brief) -> PlanInputs:
        """Read the facts once per turn, and again only where the wishes ask for other facts."""
        known = self._inputs
        if known is not None and _same_facts(known.brief, brief):
            return known.model_copy(update={"brief": brief})
        context, extras = self._ports.gather(brief)
        self._inputs = PlanInputs(
            brief=brief, context=context, extras=extras, planner=self._ports.planner, language=self.state.language
        )
        record_inputs(self._ports.recorder, self._inputs)
        return self._inputs

    def _update(self, **changes: object) -> None:
        self.state = self.state.model_copy(update=changes)

    def _say(self, name: str, **values: object) -> Said:
        return Said(text=say(name, self.state.language, **values))


def _same_facts(one: Brief, other: Brief) -> bool:
    fields = ("peak_from", "peak_until", "anchor_on", "goal")
    return all(getattr(one, name) == getattr(other, name) for name in fields)
