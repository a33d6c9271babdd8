"""The thank-you script on a shop's own page, in a real browser: one tag, another host, strict policy, hostile text."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col, update

from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.thanks import SocialChannel
from memory.store.thanks_goods import ThanksGoodsRow
from tests.api.serving import serving
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, SETTINGS, SHOES, SOCKS, open_shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSTILE = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A shop whose catalogue and account name hold markup."""
    made = assemble(load_settings(home=tmp_path_factory.mktemp("script") / "home"), ManualClock(AT))
    account = SocialChannel(network="tiktok", name=HOSTILE, url="https://tiktok.example.invalid/north")
    open_shop(made.store, made.lake, SETTINGS.model_copy(update={"socials": {"DE": (account,)}}))
    with made.store.unit_of_work() as uow:
        hostile = update(ThanksGoodsRow).where(col(ThanksGoodsRow.sku) == SOCKS).values(title=HOSTILE)
        uow.session.connection().execute(hostile)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(app: App) -> Iterator[str]:
    from api.http.app import create_api

    with serving(create_api(app)) as found:
        yield found


def shop_page(address: str, block: str) -> Iterator[str]:
    """Serve a page of the shop from another host than ours; give its address."""
    html = f'<!doctype html><h1>Thanks</h1><script src="{address}/thanks.js" data-block="{block}" async></script>'

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {address}; connect-src {address}"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()


def test_s1_11_one_script_tag_shows_the_block_as_text_and_tells_of_a_click(
    app: App, address: str, browser: "Browser"
) -> None:
    from api.verbs.acting import Acting
    from api.verbs.customer import Customer
    from api.verbs.thanks import NewOrder, open_order
    from memory.domain.principal import Grant, Principal

    till = Principal(id="till", name="till", grants=(Grant(shop_id=SHOP.shop_id, role="intake"),))
    acting = Acting(app=app, principal=till, shop_id=SHOP.shop_id)
    new = NewOrder(order_ref="#1", skus=(SHOES,), market="DE", customer=Customer(email="ann@example.com"))
    block = f"{address}/thanks/{open_order(acting, new).token}"
    pages = shop_page(address, block)
    context = browser.new_context()
    context.route("https://**", lambda route: route.abort())
    page = context.new_page()
    page.goto(next(pages))
    page.wait_for_selector(".second-order-thanks", timeout=30_000)
    titles = page.locator(".second-order-goods .second-order-link").all_text_contents()
    assert titles[0] == HOSTILE
    assert page.locator(".second-order-thanks img").count() == 0
    assert page.locator(".second-order-thanks script").count() == 0
    assert page.evaluate("window.broken") is None
    assert (
        page.locator(".second-order-because").first.text_content() == "Wird oft zusammen mit Ihrer Bestellung gekauft"
    )
    assert (page.locator(".second-order-word").text_content() or "").startswith("THX-")
    link = page.locator(".second-order-socials .second-order-link")
    assert link.text_content() == HOSTILE
    link.click(no_wait_after=True)
    ends, clicks = time.monotonic() + 30, list[str]()
    while not clicks and time.monotonic() < ends:  # the page leads on meanwhile, and the call goes on without it
        time.sleep(0.05)
        with app.store.read() as uow:
            clicks = uow.thanks.clicks(SHOP.shop_id)["target"].to_pylist()
    assert clicks == ["social:tiktok"]
    context.close()
    next(pages, None)
