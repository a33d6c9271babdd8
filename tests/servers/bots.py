"""Group bots by their vendors' documented contracts: what they check, and what they answer when it is wrong."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from memory.domain.approval_rules import BotVendor

from .http import Reply, Request

SECRET = "SEC0123456789abcdef0123456789abcdef"
TOKEN = "0123456789abcdef0123456789abcdef"
PATHS: dict[BotVendor, str] = {
    "feishu": f"/open-apis/bot/v2/hook/{TOKEN}",
    "dingtalk": f"/robot/send?access_token={TOKEN}",
    "wecom": f"/cgi-bin/webhook/send?key={TOKEN}",
    "slack": f"/services/T000/B000/{TOKEN}",
}


@dataclass
class BotVendorServer:
    """One vendor; `answers` are given before it judges by itself."""

    vendor: BotVendor
    secret: str = ""
    answers: list[Reply] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        assert request.method == "POST"
        assert request.headers["content-type"].startswith("application/json")
        if self.answers:
            return self.answers.pop(0)
        body = request.json()
        reply: Reply = getattr(self, f"_{self.vendor}")(request, body)
        if reply.status == 200 and reply.body in ({"errcode": 0, "errmsg": "ok"}, {"code": 0, "msg": "success"}, OK):
            self.taken.append(body)
        return reply

    def _feishu(self, request: Request, body: dict[str, Any]) -> Reply:
        if request.path != PATHS["feishu"]:
            return Reply(200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"})
        if self.secret:
            key = f"{body.get('timestamp')}\n{self.secret}".encode()
            expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
            if body.get("sign") != expected:
                return Reply(200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
        assert body["msg_type"] == "post"
        post = body["content"]["post"]["zh_cn"]
        assert all(part["tag"] in ("text", "a") for row in post["content"] for part in row)
        return Reply(200, {"code": 0, "msg": "success"})

    def _dingtalk(self, request: Request, body: dict[str, Any]) -> Reply:
        if request.query.get("access_token") != TOKEN:
            return Reply(200, {"errcode": 300005, "errmsg": "token is not exist"})
        if self.secret:
            given = f"{request.query.get('timestamp')}\n{self.secret}".encode()
            expected = base64.b64encode(hmac.new(self.secret.encode(), given, hashlib.sha256).digest()).decode()
            if request.query.get("sign") != expected:
                return Reply(200, {"errcode": 310000, "errmsg": "sign not match"})
        assert body["msgtype"] == "markdown"
        assert body["markdown"]["title"]
        return Reply(200, {"errcode": 0, "errmsg": "ok"})

    def _wecom(self, request: Request, body: dict[str, Any]) -> Reply:
        if request.query.get("key") != TOKEN:
            return Reply(200, {"errcode": 93000, "errmsg": f"invalid webhook url {request.query.get('key')}"})
        assert body["msgtype"] == "markdown"
        if len(body["markdown"]["content"].encode()) > 4096:
            return Reply(200, {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"})
        return Reply(200, {"errcode": 0, "errmsg": "ok"})

    def _slack(self, request: Request, body: dict[str, Any]) -> Reply:
        if request.path != PATHS["slack"]:
            return Plain(404, "no_service")
        if not body.get("text"):
            return Plain(400, "invalid_payload")
        return Plain(200, OK)


OK = "ok"


class Plain(Reply):
    """An answer in plain text."""

    def raw(self) -> bytes:
        body = str(self.body).encode()
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return f"HTTP/1.1 {self.status} X\r\ncontent-length: {len(body)}\r\n{lines}\r\n".encode() + body
