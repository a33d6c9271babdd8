"""What the workspace's browser tests share: who looks at it, how they sign in, and what axe says of a page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from memory.domain.principal import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TURN_MS = 180_000
PEOPLE: tuple[tuple[str, Role], ...] = (("mia", "marketer"), ("ava", "approver"), ("sue", "support"))


@dataclass
class Served:
    """A workspace that runs, and a token for it."""

    address: str
    token: str
    approver: str
    support: str
    outside: list[str] = field(default_factory=list)
    """Requests that left this server."""
    broken: list[str] = field(default_factory=list)
    """Errors of the page."""


def is_outside(url: str) -> bool:
    """Say whether a request leaves this machine."""
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


STILL = """
() => document.getAnimations().every(one =>
  one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)
"""
"""Nothing fades or slides any more; what turns for ever, as a spinner, is left out."""


def violations(page: "Page", within: str | None = None) -> list[str]:
    """Give what axe finds wrong with the page, once nothing on it fades: half-seen words have no contrast yet.

    `within` looks at a part alone, by its selector: a dialog, say, as axe takes buttons under it for lying on the page.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_function(STILL)
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{one['id']}: {[(node['html'][:90], node['failureSummary'][-150:]) for node in one['nodes'][:2]]}"
        for one in found
    ]


def sign_in(page: "Page", token: str) -> None:
    """Sign in with a token."""
    page.get_by_text("With an access token").click()
    page.get_by_label("Access token").fill(token)
    page.keyboard.press("Enter")


def open_signed_in(page: "Page", served: "Served", token: str, path: str) -> None:
    """Sign in and open a page by its address in the installation."""
    page.goto(f"{served.address}/sign-in")
    sign_in(page, token)
    page.wait_for_url("**/ui/**")
    page.goto(f"{served.address}{path}")


def say(page: "Page", label: str, text: str) -> None:
    """Say something in the chat and wait for the answer."""
    page.get_by_label(label).fill(text)
    page.keyboard.press("Enter")
    page.locator(".so-busy").wait_for(state="attached")
    page.locator(".so-busy").wait_for(state="detached", timeout=TURN_MS)


def parts_fit_a_phone(page: "Page", parts: Iterable[tuple[str, str]]) -> None:
    """Open each part of a Chinese page on a phone (its link, and what stands in it): nothing is cut, axe is content."""
    page.set_viewport_size({"width": 390, "height": 844})
    for name, seen in parts:
        page.get_by_role("navigation", name="本页各部分").get_by_role("link", name=name).click()
        page.get_by_text(seen).first.wait_for()
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        assert violations(page) == [], name


QUIET = """
quietMs => {
  const now = performance.now();
  if (!window.did_handshake || document.querySelector('[aria-busy=true]')) window.soBusyAt = now;
  return now - (window.soBusyAt ??= now) >= quietMs;
}
"""
"""The page is connected, and no part of it has been read for so many milliseconds: one part may ask for the next."""


def settled(page: "Page", timeout_ms: float = TURN_MS, *, quiet_ms: int = 200) -> None:
    """Wait until the frame is there and every part was read."""
    page.locator("header.so-rail").wait_for(timeout=timeout_ms)
    page.wait_for_function(QUIET, arg=quiet_ms, timeout=timeout_ms)
