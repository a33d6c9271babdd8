"""The block as a shopper sees it, as a document for a frame that runs nothing, loads nothing and leads nowhere."""

from html import escape

from api.http.thanks import ShownBlock
from api.ui.shell.parts import notice
from api.ui.shell.visible import visible
from api.ui.shell.words import Words

POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<base target="_blank">'
)
LOOKS = """<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; margin: 0; padding: 16px }
body { overflow-wrap: anywhere }
h1 { font-size: 20px; line-height: 1.3; margin: 0 0 12px } h2 { font-size: 17px; margin: 20px 0 6px }
p { margin: 4px 0 }
ul { list-style: none; margin: 0; padding: 0 }
li { padding: 8px 0; border-top: 1px solid #d9d6cf }
li span { display: block } .second-order-because { color: #565d66; font-size: 14px }
strong { display: inline-block }
strong { padding: 6px 10px; border: 1px dashed #565d66; border-radius: 6px }
strong { font-family: monospace }
a { color: #1f4f46 }
</style>"""
"""A plain sheet: how a block looks is the shop's, its classes begin with `second-order-`."""


def render_block(block: ShownBlock, refused: str | None, words: Words) -> str:
    """Give the frame with the block; say so where guardrails forbid its code now, or where there is nothing to show."""
    about = f'<p class="so-soft so-below">{escape(words("thanks", "preview_about"))}</p>'
    if refused:
        about += notice(escape(words("thanks", "code_refused")), "warn")
    if not (block.goods or block.code or block.socials or block.share):
        return about + notice(escape(words("thanks", "preview_empty")), "warn")
    title = escape(words("thanks", "frame").format(language=block.language))
    return (
        f'{about}<iframe sandbox="" class="so-frame so-block" title="{title}" '
        f'srcdoc="{escape(document(block))}"></iframe>'
    )


def document(block: ShownBlock) -> str:
    """Give the block as one HTML document, in the parts and classes that `thanks.js` makes."""
    said = block.words
    parts = (
        _goods(block) if block.goods else "",
        _part("code", said.code, _code(block)) if block.code else "",
        _part("socials", said.socials, _socials(block)) if block.socials else "",
        _part("share", said.share, _share(block)) if block.share else "",
    )
    lang = escape(block.language)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{POLICY}<title>{escape(said.title)}</title>'
        f'{LOOKS}</head><body><main class="second-order-thanks"><h1>{visible(said.title)}</h1>{"".join(parts)}'
        f"</main></body></html>"
    )


def _part(kind: str, title: str, html: str) -> str:
    return f'<section class="second-order-{kind}"><h2 class="second-order-title">{visible(title)}</h2>{html}</section>'


def _goods(block: ShownBlock) -> str:
    rows = "".join(
        f'<li class="second-order-item">{_link(one.url, one.title)}'
        f'<span class="second-order-price">{visible(one.price_text)}</span>'
        f'<span class="second-order-because">{visible(one.because)}</span></li>'
        for one in block.goods
    )
    return _part("goods", block.words.goods, f'<ul class="second-order-list">{rows}</ul>')


def _code(block: ShownBlock) -> str:
    code = block.code.code if block.code else ""
    more = f'<p class="second-order-more">{visible(block.words.code_more)}</p>'
    return f'<strong class="second-order-word">{visible(code)}</strong>{more}'


def _socials(block: ShownBlock) -> str:
    rows = "".join(f'<li class="second-order-item">{_link(one.url, one.name)}</li>' for one in block.socials)
    return f'<ul class="second-order-list">{rows}</ul>'


def _share(block: ShownBlock) -> str:
    url = block.share.url if block.share else ""
    return f'<p class="second-order-more">{visible(block.words.share_more)}</p>{_link(url, url)}'


def _link(url: str, text: str) -> str:
    """Give a link that leads to a web page, as the script does; anything else is text."""
    if not url.startswith(("http://", "https://")):
        return f'<span class="second-order-link">{visible(text)}</span>'
    return f'<a class="second-order-link" rel="noopener" href="{escape(url)}">{visible(text)}</a>'
