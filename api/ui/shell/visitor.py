"""Who looks at the workspace: the browser's session is looked up on the server at every action."""

from datetime import datetime, timedelta
from typing import Any

from agent.assembly import App
from api.http.cookies import SESSION, read_cookie
from api.verbs.acting import Acting
from memory.domain.errors import NotAuthenticated
from memory.domain.principal import Principal

from .words import LANGUAGES, UiLanguage, Words, words

WHO, LANGUAGE, SHOP, THREAD = "who", "language", "shop", "thread"
SEEN_EVERY = timedelta(minutes=5)


class Visitor:
    """One signed-in browser; `kept` is what the workspace remembers of it on the server, and no proof of anything."""

    def __init__(self, app: App, kept: Any, session_id: str, address: str = "") -> None:
        """Wrap the browser's storage and its session; `address` is the path and query that were asked for."""
        self.app = app
        self.kept = kept
        self._session_id = session_id
        self.address = address
        self._seen_at: datetime | None = None

    @property
    def language(self) -> UiLanguage:
        """The language of the workspace."""
        return next((one for one in LANGUAGES if one == self.kept.get(LANGUAGE)), "en")

    @property
    def words(self) -> Words:
        """The workspace's words."""
        return words(self.language)

    def switch_language(self) -> None:
        """Change between English and Chinese."""
        self.kept[LANGUAGE] = "zh" if self.language == "en" else "en"

    def principal(self, *, is_here: bool = True) -> Principal:
        """Give who is signed in, with the rights of this instant; raises `NotAuthenticated` once the session ended.

        What was remembered of another person at this browser is forgotten. A page that looks again by itself says
        `is_here=False`: it must not keep a session alive that nobody uses.
        """
        now = self.app.clock.now()
        with self.app.store.read() as uow:
            found = uow.sign_ins.principal(self._session_id, now) if self._session_id else None
        if found is None:
            raise NotAuthenticated()
        if self.kept.get(WHO) != found.id:
            language = self.language
            self.kept.clear()
            self.kept.update({LANGUAGE: language, WHO: found.id})
        if is_here and (self._seen_at is None or now - self._seen_at > SEEN_EVERY):
            self._seen_at = now
            with self.app.store.unit_of_work() as uow:
                uow.sign_ins.seen(self._session_id, now)
        return found

    def acting(self, *, is_here: bool = True) -> Acting:
        """Give the principal at work in the chosen shop, the first granted one where none is chosen."""
        principal = self.principal(is_here=is_here)
        shops = principal.shops()
        chosen = str(self.kept.get(SHOP, ""))
        shop_id = chosen if chosen in shops else (shops[0] if shops else "")
        return Acting(app=self.app, principal=principal, shop_id=shop_id)


def visitor_of(app: App) -> Visitor:
    """Give who opened the present page."""
    from nicegui import app as nicegui_app
    from nicegui import ui

    request = ui.context.client.request
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Visitor(app, nicegui_app.storage.user, read_cookie(request, app.settings, SESSION), asked)
