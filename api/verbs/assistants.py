"""Outside assistants: they get what a planner of ours gets, aggregates and a typed plan as the only way to act."""

from functools import partial
from typing import Any

from agent.planning.playbook import PlaybookPlanner
from agent.toolbox.composing import composed
from agent.toolbox.desk import Desk
from agent.toolbox.draft_arguments import DraftArguments
from agent.toolbox.gathering import extras_of, open_size_of
from agent.toolbox.registry import TOOLS
from agent.toolbox.tool import Tool
from memory.domain.brief import Brief
from memory.domain.canonical import canonical_json
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.plan import Plan, PlannerRef
from memory.domain.principal import Permission

from .acting import Acting
from .notes import recalled
from .shop_tools import SHOP_TOOLS, ShopTool

SUBMIT = "submit_plan"
VERSION = "outside-assistant/1"


def tools() -> tuple[Tool | ShopTool, ...]:
    """Give every tool an outside assistant may call: the planner's, and what it may ask of the shop beside."""
    return (*TOOLS, *SHOP_TOOLS)


def permission_of(tool: Tool | ShopTool) -> Permission:
    """Give what a tool asks of its caller: of the planner's, submitting stores a draft, everything else reads."""
    if isinstance(tool, ShopTool):
        return tool.permission
    return "plan" if tool.name == SUBMIT else "read"


def call(acting: Acting, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Call a tool for the principal; refusals of planning tools are answers.

    Raises `NotFound`, `NotPermitted`, `NotReady`.
    """
    tool = next((tool for tool in tools() if tool.name == name), None)
    if tool is None:
        raise NotFound(kind="tool", id=name[:64])
    acting.require(permission_of(tool))
    if isinstance(tool, ShopTool):
        if arguments:
            raise InvalidInput(what=name, why="it takes no arguments", remedy="Give the shop alone")
        return tool.run(acting).model_dump(mode="json")
    desk = _desk(acting, PlaybookPlanner().ref)
    if tool.name != SUBMIT:
        return tool.call(desk, arguments)
    desk = _desk(acting, PlannerRef(kind="llm", version=VERSION, llm=f"outside:{acting.principal.id}"))
    answer = tool.call(desk, arguments)
    if answer.get("accepted"):
        plan = composed(desk, DraftArguments.model_validate_json(canonical_json(arguments)))
        assert isinstance(plan, Plan)
        assert plan.id == answer["plan_id"]
        with acting.write("plan.draft", f"plan:{plan.id}", planner=VERSION) as uow:
            uow.plans.put(plan, acting.principal.id, (), acting.app.clock.now())
    return answer


def _desk(acting: Acting, planner: PlannerRef) -> Desk:
    app = acting.app
    context = app.contexts.gather(acting.shop_id, Brief())
    return Desk(
        brief=Brief(),
        context=context,
        planner=planner,
        extras=extras_of(app.contexts, context),
        size=partial(open_size_of, app.contexts, context),
        recall=partial(recalled, acting),
    )
