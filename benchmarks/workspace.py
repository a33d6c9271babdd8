"""The workspace in a browser at a shop of a million: first useful paint of every page, interactions, 50 open clients.

Beside it stands a bare FastAPI application that answers with one static page, served the same way and opened by the
same browser. `BENCH_CUSTOMERS`, as `--people`, sets the size of the shop.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .measure import Figure, measure, n_people
from .workspace_clients import open_clients
from .workspace_served import Server, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PEER = "bare page"
GOAL = "<= 1 s"
N_CLIENTS = 50
WAIT_MS = 300_000
WATCHING = """
const seen = window.benchSeen = {};
const look = () => {
  const main = document.querySelector('.so-page, .so-main');
  if (main) {
    const part = main.querySelector('[aria-busy]');
    seen.frame ??= performance.now();
    if (!part || part.getAttribute('aria-busy') !== 'true') seen.useful ??= performance.now();
    if (!document.querySelector('[aria-busy=true]')) seen.whole ??= performance.now();
  }
  if (!seen.whole) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Notes milliseconds since the navigation began: the frame stands, the first part was read, all parts were read."""
Seen = dict[str, float]


def run(short: bool) -> list[Figure]:
    """Give the figures, none where there is no browser."""
    if not CHROMIUM.exists():
        return []
    from playwright.sync_api import sync_playwright

    n = n_people(short, int(os.environ.get("BENCH_CUSTOMERS", "1000000")))
    with tempfile.TemporaryDirectory(prefix="second-order-workspace-") as folder:
        measure("benchmarks.tick", "make", str(n), folder)
        with started("workspace", folder) as ours, started("bare", folder) as bare, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            found = _figures(browser, ours, bare, 1 if short else 5, 5 if short else N_CLIENTS)
            browser.close()
    return found


def _figures(browser: "Browser", ours: Server, bare: Server, k: int, n_clients: int) -> list[Figure]:
    from api.ui.shell.navigation import PAGES

    page, other = _tab(browser), _tab(browser)
    _sign_in(page, ours)
    found: list[Figure] = []
    for place in PAGES:
        seen = [_visit(page, ours.address + place.address) for _ in range(k)]
        peer = [_visit(other, bare.address + place.address) for _ in range(k)]
        for of, goal in (("frame", ""), ("useful", GOAL), ("whole", "")):
            name = f"{place.name}, {'first useful paint' if of == 'useful' else of}"
            found.append(Figure(name, _middle(seen, of), _middle(peer, "useful"), "s", PEER, goal))
    found += _interactions(page, other, ours, bare)
    return [*found, *_crowded(page, other, ours, bare, n_clients)]


def _interactions(page: "Page", other: "Page", ours: Server, bare: Server) -> list[Figure]:
    """Give how long what people do takes until its answer is there, the slowest last; the peer loads its page."""
    taken = sorted((_clock(partial(act, page, ours)), name) for name, act in ACTS.items())
    peer = _clock(partial(_visit, other, bare.address))
    named = [(name if seconds != taken[-1][0] else f"slowest: {name}", seconds) for seconds, name in taken]
    return [Figure(name, seconds, peer, "s", PEER) for name, seconds in named]


def _crowded(page: "Page", other: "Page", ours: Server, bare: Server, n: int) -> list[Figure]:
    """Give one more page load and the server's memory while `n` clients have the page of runs open."""
    before = ours.resident_mb()
    alone = _visit(page, f"{ours.address}/ui/runs")["useful"] / 1000
    with open_clients(ours, n):
        time.sleep(2)
        loads = [_visit(page, f"{ours.address}/ui/runs") for _ in range(3)]
        peer = [_visit(other, bare.address) for _ in range(3)]
        after = ours.resident_mb()
    print(f"  {n} clients of /ui/runs: {(after - before) / n:.2f} MB each; the same page without them {alone:.2f} s")
    return [
        Figure(f"one more page with {n} open clients", _middle(loads, "useful"), _middle(peer, "useful"), "s", PEER),
        Figure(f"memory with {n} open clients", after, bare.resident_mb(), "MB", PEER),
    ]


def _speak(page: "Page", ours: Server) -> None:
    page.goto(f"{ours.address}/ui/chat")
    page.get_by_label("What should the plan do?").fill("no SMS in Germany")
    page.keyboard.press("Enter")
    page.locator(".so-busy").wait_for(state="attached")
    page.locator(".so-busy").wait_for(state="detached")


def _language(page: "Page", ours: Server) -> None:
    for name, language in (("中文", "zh-CN"), ("English", "en")):
        page.get_by_role("button", name=name).click()
        page.wait_for_function("language => document.documentElement.lang === language", arg=language)


def _results(page: "Page", ours: Server) -> None:
    page.goto(f"{ours.address}/ui/results")
    page.wait_for_function("window.benchSeen.whole")


ACTS: dict[str, Callable[["Page", Server], None]] = {
    "a turn of the chat that drafts, page and all": _speak,
    "the language changed and back": _language,
    "the results of a plan, all parts": _results,
}


def _tab(browser: "Browser") -> "Page":
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.add_init_script(WATCHING)
    return page


def _sign_in(page: "Page", ours: Server) -> None:
    page.goto(f"{ours.address}/sign-in")
    page.get_by_text("With an access token").click()
    page.get_by_label("Access token").fill(ours.token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/**")


def _visit(page: "Page", address: str) -> Seen:
    """Open a page; gives the milliseconds until its frame, its first part and all of it were there."""
    page.goto(address)
    page.wait_for_function("window.benchSeen.whole")
    found: Seen = page.evaluate("window.benchSeen")
    return found


def _middle(seen: list[Seen], of: str) -> float:
    """Give the median in seconds."""
    return statistics.median(one[of] for one in seen) / 1000


def _clock(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
