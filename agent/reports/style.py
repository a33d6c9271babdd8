"""How report pages look; they work without network and print."""

import html

PAGE_STYLE = (
    "body{margin:0;background:#f6f5f1;color:#1f2933;font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif}"
    "main{max-width:860px;margin:0 auto;padding:32px 20px}h1{font-size:28px;line-height:1.25}"
    "table{border-collapse:collapse;width:100%;background:#fff;border-radius:8px}"
    "th,td{text-align:left;padding:10px 14px;border-bottom:1px solid #e4e1d8;vertical-align:top}"
    "figure{margin:20px 0}figcaption{color:#52606d;font-size:14px}"
    "tbody th{font-weight:500}td{font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}"
)


def page(title: str, language: str, *body: str) -> str:
    """Give a whole page in a language; `title` is plain text, the parts of the body are HTML."""
    named = html.escape(title)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{named}</title><style>{PAGE_STYLE}</style></head><body><main>'
        f"<h1>{named}</h1>{''.join(body)}</main></body></html>"
    )
