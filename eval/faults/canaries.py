"""One canary in every field of personal data, and every byte that leaves is searched for it (case C6).

    python -m eval.faults.canaries --prompts 10000

Orders and customers with a canary per field come in through webhooks into a live shop; a planner calls every tool
over what was gathered, again and again; mails are decided and handed off. What may be where: the mail's own address
and first name in the mail to that person, nothing anywhere else: no prompt, no lake file, no log line, no inbox row.
"""

import argparse
import io
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.llm.limits import Limits
from agent.planning.context import gather
from agent.tick import tick
from agent.toolbox.gathering import gather_extras
from agent.toolbox.registry import ALL
from memory.domain.brief import Brief
from tools.live import accept, flush

from .big_shop import BigShop, make_big_shop
from .injections import app_dispatch
from .loopback_llm import Brain, LoopbackLlm, calls, loopback_llm, plan_with

MARK = "qzcanary"
"""Begins every canary; nothing else holds it."""
FIELDS = (
    "email", "phone", "first_name", "last_name", "address1", "address2", "zip", "city", "company", "note", "tags",
    "note_attribute", "browser_ip", "landing_site", "referring_site", "customer_note", "token",
)  # fmt: skip
ALLOWED = {"mail": frozenset({"email", "firstname"})}
"""Where which canary may be."""
CALLS_PER_RUN = 16


@dataclass(frozen=True)
class Result:
    """What was searched."""

    n_prompts: int
    """Requests to the language model."""
    n_mails: int
    """Mails handed off to people with canaries."""
    n_planted: int
    """Canaries."""
    n_allowed: dict[str, int]
    """Canaries found where they may be."""
    found: tuple[str, ...]
    """Canaries found elsewhere; has to be empty."""

    @property
    def holds(self) -> bool:
        """Say whether canaries were where they may be and nowhere else."""
        return not self.found and self.n_prompts > 0 and self.n_mails > 0


def run(n: int, seed: int = 7) -> Result:
    """Search `n` prompts and everything else that leaves or stays."""
    with tempfile.TemporaryDirectory(prefix="second-order-canaries-") as folder, loopback_llm() as llm:
        shop = make_big_shop(Path(folder) / "home", 0, 0, seed)
        heard = io.StringIO()
        handler = logging.StreamHandler(heard)
        logging.getLogger().addHandler(handler)
        try:
            return _search(shop, llm, n, heard)
        finally:
            logging.getLogger().removeHandler(handler)
            shop.of.app.close()


def _search(shop: BigShop, llm: LoopbackLlm, n: int, heard: io.StringIO) -> Result:
    app, shop_id = shop.of.app, shop.plan.shop_id
    people = _plant(shop)
    where: Counter[str] = Counter()
    wrong: list[str] = []
    context = gather(app.store, app.lake, shop_id, Brief(), as_of=app.clock.now())
    extras = gather_extras(app.store, app.lake, context)
    n_prompts = 0
    while n_prompts < n:
        llm.brain = _curious(n_prompts)
        _, recorder = plan_with(llm, context, extras=extras, limits=Limits(max_calls=CALLS_PER_RUN, max_tokens=10**7))
        n_prompts += len(llm.requests)
        wrong += [f"prompt: {one}" for body in llm.requests for one in _canaries(body)]
        wrong += [f"session: {one}" for one in _canaries(recorder.stored().model_dump_json().encode())]
    n_mails = _mail(shop, where, wrong)
    wrong += [f"log: {one}" for one in _canaries(heard.getvalue().encode())]
    for path in app.lake.root.rglob("*"):
        if path.is_file():
            wrong += [f"lake {path.parent.name}: {one}" for one in _canaries(path.read_bytes())]
    with app.store.read() as uow:
        for row in uow.inbox.latest(shop_id, 10_000):
            wrong += [f"inbox: {one}" for one in _canaries(row.body + row.reason.encode())]
        for wrong_row in uow.inbox.rejected(shop_id, 10_000):
            wrong += [f"rejected: {one}" for one in _canaries(wrong_row.reason.encode())]
    return Result(n_prompts, n_mails, people * len(FIELDS), dict(where), tuple(wrong[:20]))


def _curious(start: int) -> Brain:
    """Give a brain that calls one tool after the other, submitting never."""

    def brain(number: int, _asked: dict[str, Any]) -> dict[str, Any]:
        return calls(ALL[(start + number) % (len(ALL) - 1)], {"query": "all customers", "limit": 8}, f"c{number}")

    return brain


def _canaries(content: bytes) -> list[str]:
    """Give the fields whose canary stands in these bytes, however it is written."""
    lowered = content.lower()
    if MARK.encode() not in lowered:
        return []
    return [field for field in (one.replace("_", "") for one in FIELDS) if f"{MARK}{field}".encode() in lowered] or [
        MARK
    ]


def _plant(shop: BigShop) -> int:
    """Give people of the plan a canary in every field, by an order webhook of their own customer id."""
    app, shop_id = shop.of.app, shop.plan.shop_id
    with app.lake.open(_tables(shop), [shop_id]) as view:
        members = view.raw("cohort_members")
        ids = members.filter(members.arm == "treated")["person_id"].to_pyarrow().to_pylist()
    with app.store.unit_of_work() as uow:
        known = uow.contacts.by_person(shop_id, ids)
        emails = sorted(contact.email for contact in known.values() if contact.email)
        at = app.clock.now().isoformat()
        for number, email in enumerate(emails):
            body = json.dumps(_order(number, email, at, shop.of.shop.currency)).encode()
            accept(uow, app.key, shop_id, "shopify", "orders/create", f"canary{number}", body, at=app.clock.now())
    while flush(app.store, app.lake, shop_id, clock=app.clock, key=app.key).n_deliveries:
        pass
    return len(emails)


def _tables(shop: BigShop) -> dict[str, int]:
    with shop.of.app.store.read() as uow:
        return dict(uow.versions.latest().tables)


def _order(number: int, email: str, at: str, currency: str) -> dict[str, Any]:
    def canary(field: str) -> str:
        return f"{MARK}{field.replace('_', '')}{number}"

    address = {
        name: canary(name) for name in ("first_name", "last_name", "address1", "address2", "zip", "city", "company")
    }
    return {
        "id": 990_000 + number, "name": f"#c{number}", "currency": currency, "created_at": at, "updated_at": at,
        "financial_status": "paid", "subtotal_price": "1.00", "source_name": "web", "email": email,
        "customer": {"id": 880_000 + number, "email": f"{canary('email')}@people.example.invalid",
                     "note": canary("customer_note"), "first_name": canary("first_name")},
        "shipping_address": {**address, "country_code": "DE", "phone": ""}, "note": canary("note"),
        "tags": canary("tags"), "note_attributes": [{"name": "gift", "value": canary("note_attribute")}],
        "browser_ip": canary("browser_ip"), "landing_site": f"/welcome#{canary('landing_site')}",
        "referring_site": canary("referring_site"), "token": canary("token"), "phone": "",
        "line_items": [{"sku": "CANARY", "name": "Thing", "quantity": 1, "price": "1.00"}],
    }  # fmt: skip


def _mail(shop: BigShop, where: Counter[str], wrong: list[str]) -> int:
    """Decide and hand off some days' mails and search each for what it may not hold."""
    from datetime import timedelta
    from email import message_from_bytes, policy

    app = shop.of.app
    for _ in range(3):
        shop.of.clock.advance(timedelta(days=1))
        tick(
            app.store, app.lake, app.clock, app.key, shop.plan.shop_id, app.clock.now(), seed=1, slot=timedelta(days=1)
        )
        shop.of.clock.advance(timedelta(hours=8))
        app_dispatch(shop)
    mails = sorted(app.settings.mailbox.rglob("*.eml"))
    for path in mails:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        for one in _canaries("\n".join((*map(str, message.values()), *texts)).encode()):
            if one in ALLOWED["mail"]:
                where[f"mail {one}"] += 1
            else:
                wrong.append(f"mail: {one}")
    return len(mails)


def main(arguments: Sequence[str]) -> int:
    """Search, print, and fail where one canary is out of place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--prompts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    found = run(given.prompts, given.seed)
    sys.stdout.write(
        f"{len(found.found)} of {found.n_planted} canaries out of place in {found.n_prompts} prompts and "
        f"{found.n_mails} mails; where they may be: {found.n_allowed} (seed {given.seed})\n"
        + "".join(f"FOUND {one}\n" for one in found.found)
    )
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
