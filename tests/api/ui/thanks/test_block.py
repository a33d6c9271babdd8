from api.http.thanks import GoodsShown, ShownBlock, Words
from api.ui.shell.words import words
from api.ui.thanks.block import document, render_block
from memory.domain.thanks import ShareReward, SocialChannel
from tests.factories.thanks import AT, euros
from tools.thanks.block import CodeShown, ShareShown

SAID = Words(title="Danke", goods="Passt dazu", code="Ihr Code", code_more="2 EUR", socials="Folgen", share="Empfehlen",
             share_more="10 EUR")  # fmt: skip
GOODS = GoodsShown(
    sku="socks", title="<script>alert(1)</script>", url="javascript:alert(1)", image_url="https://cdn.example/x.png",
    price=euros(500), rule="complement", n_together=9, price_text="5.00 EUR", because="Oft zusammen",
)  # fmt: skip
PLAIN = ShownBlock(language="de", goods=(), code=None, socials=(), share=None, words=SAID)
FULL = PLAIN.model_copy(
    update={
        "goods": (GOODS,),
        "code": CodeShown(code="THX-EXAMPLE", off=euros(200), min_spend=euros(5_000), expires_at=AT),
        "socials": (SocialChannel(network="instagram", name="@north", url="https://instagram.example/north"),),
        "share": ShareShown(url="https://shop.example/?ref=R-EXAMPLE", reward=ShareReward(points=100)),
    }
)


def test_the_frame_runs_nothing_and_loads_nothing_and_foreign_text_is_never_markup() -> None:
    html = render_block(FULL, None, words("en"))
    assert 'sandbox=""' in html and "<script" not in html
    inside = document(FULL)
    assert "default-src 'none'" in inside and "<script" not in inside and "&lt;script&gt;" in inside
    assert "javascript:" not in inside and "cdn.example" not in inside and "<img" not in inside


def test_it_holds_every_part_in_the_language_and_classes_of_the_page() -> None:
    inside = document(FULL)
    assert '<html lang="de">' in inside
    order = [inside.index(f"second-order-{kind}") for kind in ("goods", "code", "socials", "share")]
    assert order == sorted(order) and "THX-EXAMPLE" in inside and "Oft zusammen" in inside


def test_a_block_without_anything_is_said_to_be_empty() -> None:
    html = render_block(PLAIN, None, words("en"))
    assert "<iframe" not in html and "show nothing" in html


def test_a_code_that_guardrails_forbid_now_is_told() -> None:
    assert "guardrails in force now forbid" in render_block(FULL, "discount_ceiling", words("en"))
    assert "forbid" not in render_block(FULL, None, words("en"))
