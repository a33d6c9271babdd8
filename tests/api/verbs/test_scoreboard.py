"""The workspace shows the scoreboard that was written last into the home, or says how to make one."""

from pathlib import Path

import pytest

from agent.assembly import App
from api.verbs import scoreboard
from api.verbs.acting import Acting
from eval.scoreboard.board import Board, Row
from memory.domain.errors import InvalidInput
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP


def a_board() -> Board:
    row = Row(
        planner="playbook", title="By rule", score=0.5, share=0.5, lowest=0.4, highest=0.6, rpr_lift_pp=2.0,
        cost_minor=100.0, n_violations=0, n_unsubscribed=3, n_refused=0, claimed_over_realised=None, pass_1=1.0,
        pass_k=1.0,
    )  # fmt: skip
    return Board(n_customers=500, seeds=(1, 2), tasks=("plain",), k=2, rows=(row,), taus=(), mean_tau=None, results=())


def test_the_last_board_is_read_from_the_home(installation: App) -> None:
    vic = Acting(
        app=installation, principal=Principal(id="vic", name="vic", grants=(Grant(shop_id=SHOP, role="viewer"),)),
        shop_id=SHOP,
    )  # fmt: skip
    assert scoreboard.last(vic) is None
    folder = Path(scoreboard.command(vic).rpartition(" ")[2])
    assert scoreboard.command(vic).startswith("secondorder eval run --planner all")
    folder.mkdir()
    (folder / "board.json").write_text(a_board().model_dump_json(), encoding="utf-8")
    assert scoreboard.last(vic) == a_board()
    (folder / "board.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInput):
        scoreboard.last(vic)
