"""Pictures of every page: `make screenshots`, or `python -m tests.api.ui.gallery --only home chat`.

Every address at three widths and both themes in English, some in Chinese as well, under build/screenshots; and the few
that the documentation shows, under docs/images.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from api.ui.shell.words import UiLanguage
from tests.api.serving import serving
from tests.api.ui.addresses import Address, addresses
from tests.api.ui.browsing import CHROMIUM, FLAGS, settled, sign_in
from tests.api.ui.full_shop import FullShop
from tests.api.ui.lived_in import LivedIn, lived_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[3]
PICTURES, IMAGES = ROOT / "build" / "screenshots", ROOT / "docs" / "images"
SIZES = {390: 844, 820: 1180, 1440: 900}
"""Height per width: a phone, a tablet, a desk."""
Theme = Literal["light", "dark"]
CHINESE = ("home", "chat", "plans-plan")
MOST_BYTES = 200_000
"""What a picture of the documentation may weigh."""
N_PEOPLE, N_DAYS = 1_000, 45
SLOW_MS = 180_000


class Shot(NamedTuple):
    """One picture to take."""

    address: Address
    width: int
    theme: Theme
    language: UiLanguage = "en"

    @property
    def name(self) -> str:
        """Its file's name."""
        suffix = "" if self.language == "en" else f"-{self.language}"
        return f"{self.address.name}-{self.width}-{self.theme}{suffix}.png"


SHOWN: dict[str, tuple[str, int, Theme]] = {
    "home": ("home", 1440, "light"),
    "home-phone": ("home", 390, "dark"),
    "chat": ("chat", 1440, "light"),
    "plan": ("plans-plan", 1440, "light"),
    "approval": ("approvals-approval", 1440, "light"),
    "results": ("results", 1440, "light"),
}
"""What the documentation shows: the picture's name there, its address, width and theme; one it lacks is left out."""


def shots(only: tuple[str, ...] = ()) -> list[Shot]:
    """Give every picture to take, of all addresses or of those named."""
    chosen = [one for one in addresses() if not only or one.name in only]
    themes: tuple[Theme, ...] = ("light", "dark")
    found = [Shot(one, width, theme) for one in chosen for width in SIZES for theme in themes]
    return [*found, *(one._replace(language="zh") for one in found if one.address.name in CHINESE)]


class Gallery:
    """A browser at a served installation; one tab per language and theme, opened when it is first needed."""

    def __init__(self, browser: "Browser", base: str, shop: FullShop) -> None:
        """Begin with no tab open."""
        self._browser, self._base, self._shop = browser, base, shop
        self._tabs: dict[tuple[UiLanguage, Theme], Page] = {}

    def take(self, shot: Shot, path: Path, *, whole: bool) -> Path:
        """Take a picture of the whole page or of what the window shows, once every part was read; gives its file."""
        page = self._tab(shot.language, shot.theme)
        page.set_viewport_size({"width": shot.width, "height": SIZES[shot.width]})
        page.goto(self._base + shot.address.filled(self._shop.ids))
        settled(page, SLOW_MS)
        page.screenshot(path=path, full_page=whole, animations="disabled")
        return path

    def _tab(self, language: UiLanguage, theme: Theme) -> "Page":
        found = self._tabs.get((language, theme))
        if found is not None:
            return found
        page = self._browser.new_context(color_scheme=theme, reduced_motion="reduce").new_page()
        page.set_default_timeout(SLOW_MS)
        page.goto(f"{self._base}/sign-in")
        sign_in(page, self._shop.tokens["admin"])
        page.wait_for_url("**/ui/**")
        settled(page, SLOW_MS)
        if language == "zh":
            page.get_by_role("button", name="中文").click()
            page.wait_for_function("document.documentElement.lang === 'zh-CN'")
        self._tabs[language, theme] = page
        return page


@contextmanager
def opened(made: LivedIn) -> Iterator[Gallery]:
    """Serve the installation and open a browser for it; once per process, as the framework keeps its pages."""
    from playwright.sync_api import sync_playwright

    from api.http.app import create_api

    with serving(create_api(made.app, workspace=True)) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield Gallery(browser, base, made.shop)
        browser.close()


def documented() -> dict[str, Shot]:
    """Give the documentation's pictures by name."""
    known = {one.name: one for one in addresses()}
    return {name: Shot(known[at], width, theme) for name, (at, width, theme) in SHOWN.items() if at in known}


def main(words: list[str]) -> int:
    """Build the installation and take the pictures; gives 1 where one is too heavy for the documentation."""
    parser = argparse.ArgumentParser(prog="tests.api.ui.gallery", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", help=" ".join(one.name for one in addresses()))
    parser.add_argument("--people", type=int, default=N_PEOPLE, help="people of the shop")
    parser.add_argument("--images", action="store_true", help="only those of the documentation")
    asked = parser.parse_args(words)
    for folder in (PICTURES, IMAGES):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="second-order-gallery-") as home:
        made = lived_in(Path(home) / "home", n_people=asked.people, n_days=N_DAYS)
        with opened(made) as gallery:
            wanted = [] if asked.images else shots(tuple(asked.only))
            for at, shot in enumerate(wanted, 1):
                print(f"{at} of {len(wanted)}: {gallery.take(shot, PICTURES / shot.name, whole=True)}", flush=True)
            kept = {} if asked.only else documented()
            images = [gallery.take(shot, IMAGES / f"{name}.png", whole=False) for name, shot in kept.items()]
    heavy = [path.name for path in images if path.stat().st_size > MOST_BYTES]
    if heavy:
        print(f"too heavy for the documentation, above {MOST_BYTES:,} bytes: {', '.join(heavy)}")
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
