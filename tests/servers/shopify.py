"""A shop that speaks Shopify's GraphQL Admin API as far as discount codes go, by its documented contract.

Codes are compared without regard to case. A bulk creation is asynchronous: it is done when it is asked for the
`lag + 1`th time.
"""

import re
from typing import Any

from .http import Reply, Request

PATH = re.compile(r"^/admin/api/\d{4}-\d{2}/graphql\.json$")
TOKEN = "shpat_for_tests"
MAX_CODES = 250


class Shopify:
    """Discounts and codes; `throttled` answers so many requests as busy, `declines` refuses codes that begin so."""

    def __init__(self, *, lag: int = 0) -> None:
        self.codes: dict[str, str] = {}
        """Code in upper case to its discount."""
        self.discounts: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        """What was asked, by its first name."""
        self.lag, self.throttled, self.declines, self.create_error = lag, 0, "", ""
        self.is_denied = False
        self._jobs: dict[str, dict[str, Any]] = {}

    def __call__(self, request: Request) -> Reply:
        if request.headers.get("x-shopify-access-token") != TOKEN:
            return Reply(401, {"errors": "[API] Invalid API key or access token"})
        if not PATH.match(request.path) or request.method != "POST":
            return Reply(404, {"errors": "Not Found"})
        query, given = request.json()["query"], request.json()["variables"]
        if self.is_denied:
            return Reply(200, {"errors": [{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}]})
        if self.throttled:
            self.throttled -= 1
            cost: dict[str, Any] = {"requestedQueryCost": 60, "actualQueryCost": None}
            cost |= {"throttleStatus": {"maximumAvailable": 100.0, "currentlyAvailable": 10, "restoreRate": 100.0}}
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return Reply(200, {"errors": [error], "extensions": {"cost": cost}})
        return Reply(200, {"data": self._answer(query, given)})

    def _answer(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        if "discountCodeBasicCreate" in query:
            self.asked.append("create")
            return {"discountCodeBasicCreate": self._create(given["discount"])}
        if "discountRedeemCodeBulkAdd" in query:
            self.asked.append("add")
            return {"discountRedeemCodeBulkAdd": self._add(given["id"], [one["code"] for one in given["codes"]])}
        if "discountRedeemCodeBulkCreation" in query:
            self.asked.append("look")
            return {"discountRedeemCodeBulkCreation": self._look(given["id"])}
        assert "codeDiscountNodeByCode" in query
        self.asked.append("find")
        found = {name: self.codes.get(code.upper()) for name, code in given.items()}
        return {name: {"id": node} if node else None for name, node in found.items()}

    def _create(self, wanted: dict[str, Any]) -> dict[str, Any]:
        assert {"title", "code", "startsAt", "endsAt", "usageLimit", "context", "customerGets"} <= set(wanted)
        if self.create_error:
            return _declined(self.create_error)
        if wanted["code"].upper() in self.codes:
            return _declined("TAKEN")
        node = f"gid://shopify/DiscountCodeNode/{len(self.discounts) + 1}"
        self.discounts[node], self.codes[wanted["code"].upper()] = wanted, node
        return {"codeDiscountNode": {"id": node}, "userErrors": []}

    def _add(self, node: str, codes: list[str]) -> dict[str, Any]:
        if node not in self.discounts:
            return _declined("INVALID", "bulkCreation")
        if len(codes) > MAX_CODES:
            return _declined("TOO_MANY_ARGUMENTS", "bulkCreation")
        job = f"gid://shopify/DiscountRedeemCodeBulkCreation/{len(self._jobs) + 1}"
        self._jobs[job] = {"node": node, "codes": codes, "looks": 0, "nodes": None}
        return {"bulkCreation": {"id": job}, "userErrors": []}

    def _look(self, name: str) -> dict[str, Any] | None:
        job = self._jobs.get(name)
        if job is None:
            return None
        job["looks"] += 1
        if job["looks"] > self.lag and job["nodes"] is None:
            job["nodes"] = [self._made(job["node"], code) for code in job["codes"]]
        nodes = job["nodes"] or []
        return {"done": job["nodes"] is not None, "codes": {"nodes": nodes}}

    def _made(self, node: str, code: str) -> dict[str, Any]:
        taken, bad = code.upper() in self.codes, bool(self.declines) and code.startswith(self.declines)
        if taken or bad:
            error = {"code": "TAKEN" if taken else "INVALID", "message": "no", "field": ["code"]}
            return {"code": code, "discountRedeemCode": None, "errors": [error]}
        self.codes[code.upper()] = node
        return {"code": code, "discountRedeemCode": {"id": f"gid://shopify/DiscountRedeemCode/{code}"}, "errors": []}


def _declined(code: str, node: str = "codeDiscountNode") -> dict[str, Any]:
    return {node: None, "userErrors": [{"field": ["code"], "code": code, "message": f"it is {code.lower()}"}]}
