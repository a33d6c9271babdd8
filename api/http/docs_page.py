"""The API's documentation as one plain page made from the OpenAPI document; nothing is loaded from elsewhere."""

import base64
import hashlib
from functools import cache
from typing import Any

import jinja2
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from .page import PAGES

router = APIRouter(tags=["public"])
METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """Show every route with its permission, parameters and answers."""
    document: dict[str, Any] = request.app.openapi()
    rows = [
        {"method": method.upper(), "path": path, **operation}
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    html = _template().render(style=style, info=document["info"], rows=rows)
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


@cache
def _style() -> str:
    return (PAGES / "docs.css").read_text(encoding="utf-8").strip()


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True).get_template("docs.html.jinja")
