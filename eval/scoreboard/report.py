"""The written scoreboard: one HTML page with plots, and the same figures as JSON and CSV."""

import csv
from html import escape
from pathlib import Path

from .board import Board, Row

WIDTH, BAR, LEFT = 640, 26, 150
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1c1c1c}"
    "table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;text-align:right;"
    "border-bottom:1px solid #ddd}th:first-child,td:first-child{text-align:left}svg{max-width:100%}"
)
COLUMNS = (
    ("planner", "planner"), ("score", "score"), ("share", "net of oracle's"), ("rpr_lift_pp", "RPR lift, pp"),
    ("n_violations", "violations"), ("n_unsubscribed", "unsubscribes"), ("cost_minor", "cost per plan, cents"),
    ("claimed_over_realised", "claimed / realised"), ("pass_1", "pass^1"), ("pass_k", "pass^k"),
)  # fmt: skip


def write_board(folder: Path, board: Board) -> tuple[Path, ...]:
    """Write `board.html`, `board.json` and `results.csv` into a folder and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data, rows = (folder / name for name in ("board.html", "board.json", "results.csv"))
    page.write_text(render_board(board), encoding="utf-8")
    data.write_text(board.model_dump_json(indent=2) + "\n", encoding="utf-8")
    with rows.open("w", encoding="utf-8", newline="") as file:
        names = ("planner", "task", "language", "seed", "score", "net_minor", "oracle_minor",
                 "rpr_lift_pp", "claimed_minor", "cost_minor", "n_sent", "n_unsubscribed", "n_violations",
                 "is_refused", "passed")  # fmt: skip
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[getattr(one, name) for name in names] for one in board.results])
    return page, data, rows


def render_board(board: Board) -> str:
    """Give the page: table, scores per planner and seed, ranks per seed. Nothing is loaded from elsewhere."""
    head = "".join(f"<th scope='col'>{escape(title)}</th>" for _, title in COLUMNS)
    body = "".join(f"<tr>{''.join(_cell(row, name) for name, _ in COLUMNS)}</tr>" for row in board.rows)
    ideas = "".join(f"<li><b>{escape(row.planner)}</b>: {escape(row.title)}</li>" for row in board.rows)
    tau = "one seed or one planner: no ranking to compare" if board.mean_tau is None else (
        f"mean Kendall tau of each seed's ranking with that of the others {board.mean_tau:.2f}, "
        f"lowest {min(board.taus):.2f}"
    )  # fmt: skip
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Scoreboard</title>"
        f"<style>{STYLE}</style></head><body><main><h1>Scoreboard</h1><p>{escape(board.label)}</p>"
        f"<p>{board.n_customers:,} people per shop, {len(board.seeds)} seeds, {len(board.tasks)} tasks; {tau}.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>Score: net incremental margin as a share of the oracle's; -1 and less where the second checker found a "
        f"violation. pass^k with k = {board.k}.</p><ul>{ideas}</ul>"
        f"<h2>Scores per seed</h2>{scores_svg(board)}<h2>Ranks per seed</h2>{ranks_svg(board)}</main></body></html>\n"
    )


def scores_svg(board: Board) -> str:
    """Give one bar per planner with a dot per seed; the left end is -2, the right end 1.2."""
    height = BAR * len(board.rows) + 30
    parts = [f"<line x1='{_x(0)}' x2='{_x(0)}' y1='0' y2='{height - 20}' stroke='#777'/>"]
    for place, row in enumerate(board.rows):
        y = place * BAR + 6
        low, high = sorted((_x(0), _x(row.score)))
        parts.append(f"<text x='4' y='{y + 12}' font-size='13'>{escape(row.planner)}</text>")
        parts.append(f"<rect x='{low}' y='{y}' width='{round(high - low, 1)}' height='14' fill='#8fb3d9'/>")
        parts += [
            f"<circle cx='{_x(value)}' cy='{y + 7}' r='2.5' fill='#16406b'/>" for value in _by_seed(board, row.planner)
        ]
    parts += [
        f"<text x='{_x(v)}' y='{height - 4}' font-size='11' text-anchor='middle'>{v:g}</text>" for v in (-2, -1, 0, 1)
    ]
    return _svg("Mean score per planner, one dot per seed", height, parts)


def ranks_svg(board: Board) -> str:
    """Give one line per planner over the seeds: 1 is the best rank."""
    names, n = [row.planner for row in board.rows], max(len(board.seeds) - 1, 1)
    scores = {name: _by_seed(board, name) for name in names}
    height, parts = BAR * len(names) + 30, []
    for number, name in enumerate(names):
        ranks = [
            sorted(names, key=lambda each: (-scores[each][at], each)).index(name) for at in range(len(board.seeds))
        ]
        points = " ".join(
            f"{round(LEFT + at * (WIDTH - LEFT - 20) / n, 1)},{rank * BAR + 14}" for at, rank in enumerate(ranks)
        )
        shade = round(20 + 55 * number / max(len(names), 1))
        parts.append(
            f"<polyline points='{points}' fill='none' stroke='hsl({number * 47 % 360} 60% {shade}%)' stroke-width='2'/>"
        )
        parts.append(f"<text x='4' y='{ranks[0] * BAR + 18}' font-size='13'>{escape(name)}</text>")
    return _svg("Rank of each planner per seed, best on top", height, parts)


def _by_seed(board: Board, planner: str) -> list[float]:
    own = [one for one in board.results if one.planner == planner]
    found = []
    for seed in board.seeds:
        scores = [one.score for one in own if one.seed == seed]
        found.append(sum(scores) / len(scores))
    return found


def _x(score: float) -> float:
    return round(LEFT + (max(score, -2.0) + 2.0) / 3.2 * (WIDTH - LEFT - 20), 1)


def _cell(row: Row, name: str) -> str:
    value = getattr(row, name)
    return f"<td>{'-' if value is None else escape(f'{value:,}' if not isinstance(value, str) else value)}</td>"


def _svg(title: str, height: int, parts: list[str]) -> str:
    inside = "".join(parts)
    return f"<svg role='img' aria-label='{escape(title)}' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}'>{inside}</svg>"
