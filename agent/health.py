"""Is everything here that a campaign needs? One finding per part, each with its remedy."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from memory.domain.base import Frozen
from memory.domain.errors import SecondOrderError

from .assembly import App
from .settings import unknown_variables

MIN_FREE_GB = 2
MIN_FILES = 1_024
LLM_TIMEOUT_SECONDS = 5
CJK_FONTS = (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), Path("/usr/share/fonts/noto-cjk"))


SERVING = frozenset({"store", "lake", "disk"})
"""Parts without which no request can be served."""


class Finding(Frozen):
    """What was found about one part."""

    part: str
    """Which part."""
    state: Literal["good", "note", "bad"]
    """Good, worth knowing, or in the way."""
    found: str
    """What was found."""
    remedy: str = ""
    """What to do; empty where nothing has to be done."""


def examine(app: App) -> tuple[Finding, ...]:
    """Check each part; a check that fails is a finding, never an exception."""
    return tuple(_guarded(part, check, app) for part, check in CHECKS)


def ready(app: App) -> tuple[Finding, ...]:
    """Check only what serving needs and what is cheap enough to ask every few seconds."""
    return tuple(_guarded(part, check, app) for part, check in CHECKS if part in SERVING)


def _guarded(part: str, check: Callable[[App], Finding], app: App) -> Finding:
    from deltalake.exceptions import DeltaError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return check(app)
    except (SecondOrderError, SQLAlchemyError, DeltaError, OSError, ImportError, ValueError) as error:
        return Finding(part=part, state="bad", found=str(error), remedy="See docs/settings.md and the message above.")


def _python(_app: App) -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(part="python", state="good", found=found)


def _settings(_app: App) -> Finding:
    unknown = unknown_variables()
    if unknown:
        return Finding(
            part="settings",
            state="note",
            found=f"{', '.join(unknown)} set nothing",
            remedy="Correct the spelling; docs/settings.md lists every variable.",
        )
    return Finding(part="settings", state="good", found="all variables are known")


def _store(app: App) -> Finding:
    with app.store.read() as uow:
        n_shops, version = len(uow.shops.all()), uow.versions.latest().number
        connection = uow.session.connection()
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar() if _is_sqlite(app) else ""
    found = f"{app.store.engine.dialect.name}, {n_shops} shops, data version {version}"
    if app.store.is_behind():
        return Finding(
            part="store",
            state="bad",
            found=f"{found}; commits that had to last are gone",
            remedy="Messages it takes for planned may have left, so the next dispatch stops everything. Compare with "
            "the provider's list, then `secondorder go --everywhere`.",
        )
    if _is_sqlite(app) and mode != "wal":
        return Finding(
            part="store",
            state="bad",
            found=f"{found}, journal mode {mode}",
            remedy="Put SECONDORDER_HOME on a local disk; SQLite's write-ahead log does not work on network folders.",
        )
    return Finding(part="store", state="good", found=found + (", write-ahead log" if mode else ""))


def _audit(app: App) -> Finding:
    with app.store.read() as uow:
        return Finding(
            part="audit log", state="good", found=f"{app.audit_anchor.verify(uow.audit)} entries, chain holds"
        )


def _lake(app: App) -> Finding:
    with app.store.read() as uow:
        tables = uow.versions.latest().tables
    n_files = sum(len(app.lake.files(name, version)) for name, version in tables.items())
    if not tables:
        return Finding(
            part="lake", state="note", found="nothing imported yet", remedy="secondorder import shopify-orders PATH"
        )
    return Finding(part="lake", state="good", found=f"{len(tables)} tables in {n_files} files")


def _fonts(_app: App) -> Finding:
    import noto_cjk_sans_otc

    if not any(path.exists() for path in CJK_FONTS):
        return Finding(
            part="fonts",
            state="note",
            found=f"pictures use {noto_cjk_sans_otc.__name__}; the system has no Chinese font for browsers here",
            remedy="Install fonts-noto-cjk where a browser runs on this machine.",
        )
    return Finding(part="fonts", state="good", found="Chinese and Japanese glyphs are there")


def _llm(app: App) -> Finding:
    settings = app.settings
    if not settings.has_llm:
        return Finding(
            part="language model",
            state="note",
            found="none: plans are drafted by the playbook, chat understands commands",
            remedy="Set SECONDORDER_LLM_BASE_URL and SECONDORDER_LLM_MODEL to any OpenAI-compatible endpoint.",
        )
    import httpx

    headers = {"Authorization": f"Bearer {settings.llm_api_key}"} if settings.llm_api_key else {}
    try:
        answer = httpx.get(f"{settings.llm_base_url}/models", headers=headers, timeout=LLM_TIMEOUT_SECONDS)
        names = [row.get("id") for row in answer.raise_for_status().json().get("data", [])]
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        return Finding(
            part="language model",
            state="bad",
            found=f"{settings.llm_base_url} does not answer ({type(error).__name__})",
            remedy="Start the endpoint, or correct SECONDORDER_LLM_BASE_URL and SECONDORDER_LLM_API_KEY.",
        )
    known = not names or settings.llm_model in names
    return Finding(
        part="language model",
        state="good" if known else "note",
        found=f"{settings.llm_model} at {settings.llm_base_url}",
        remedy="" if known else f"The endpoint lists {', '.join(map(str, names[:5]))}; check SECONDORDER_LLM_MODEL.",
    )


def _channels(app: App) -> Finding:
    from agent.dispatch.breaker import stands

    with app.store.read() as uow:
        ready = [
            f"{shop.shop_id}:{channel}"
            for shop in uow.shops.all()
            for channel in app.channels
            if uow.consents.channel_ready(shop.shop_id, channel)
        ]
        now = app.clock.now()
        broken = [
            f"{shop.shop_id}:{channel} {stands(circuit.at(now))}"
            for shop in uow.shops.all()
            for channel, circuit in uow.circuits.all(shop.shop_id).items()
            if circuit.state != "closed"
        ]
    names = ", ".join(f"{channel} by {type(sender).__name__}" for channel, sender in app.channels.items())
    if broken:
        return Finding(
            part="channels",
            state="bad",
            found=f"{names}; circuit {'; '.join(broken)}",
            remedy="Look at the provider and the account's settings; secondorder channel test tries one message.",
        )
    if not ready:
        return Finding(
            part="channels",
            state="note",
            found=f"{names}; no suppression list is imported or declared empty",
            remedy="Import one, or: secondorder suppression declare email. Live sends are refused until then.",
        )
    return Finding(part="channels", state="good", found=f"{names}; ready: {', '.join(ready)}")


def _disk(app: App) -> Finding:
    free_gb = shutil.disk_usage(app.settings.home).free / 2**30
    if free_gb < MIN_FREE_GB:
        return Finding(
            part="disk",
            state="bad",
            found=f"{free_gb:.1f} GiB free",
            remedy="Free some space or move SECONDORDER_HOME.",
        )
    return Finding(part="disk", state="good", found=f"{free_gb:.0f} GiB free in {app.settings.home}")


def _files(_app: App) -> Finding:
    import resource

    n_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    found = f"{n_files:,} may be open at once" if n_files != resource.RLIM_INFINITY else "no limit"
    if 0 <= n_files < MIN_FILES:
        return Finding(
            part="open files",
            state="note",
            found=found,
            remedy=f"Allow {MIN_FILES:,} (ulimit -n, or LimitNOFILE= of the service): connections and the store need "
            "some each; without them requests wait and nothing is handed off.",
        )
    return Finding(part="open files", state="good", found=found)


def _is_sqlite(app: App) -> bool:
    return app.store.engine.dialect.name == "sqlite"


CHECKS: tuple[tuple[str, Callable[[App], Finding]], ...] = (
    ("python", _python),
    ("settings", _settings),
    ("store", _store),
    ("audit log", _audit),
    ("lake", _lake),
    ("fonts", _fonts),
    ("language model", _llm),
    ("channels", _channels),
    ("disk", _disk),
    ("open files", _files),
)
"""Every check, in the order shown; `_store` includes the migrations, which run when the store is opened."""
