"""Effects per person: learn them from the shop's own decisions, and see what was learned or refused."""

from memory.domain.errors import NotReady
from memory.domain.learned import ShopEffects

from .acting import Acting


def learn(acting: Acting) -> ShopEffects:
    """Learn from every decision of the shop; its next ticks go by it. Raises `NotReady` where nothing was decided."""
    from agent.learning.effects import learn_from_log

    acting.require("plan")
    app = acting.app
    return learn_from_log(app.store, app.lake, app.clock, acting.shop_id, acting.principal.id)


def show(acting: Acting) -> ShopEffects:
    """Give what the shop learned last; raises `NotReady` where it never did."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.effects.get(acting.shop_id)
    if found is None:
        raise NotReady(
            what=f"shop {acting.shop_id}", why="nothing was learned from its decisions yet",
            remedy="Run `secondorder effects learn`",
        )  # fmt: skip
    return found
