"""Who looks at the workspace: the pasted token stays on the server and is checked again at every action."""

from typing import Any

from agent.assembly import App
from api.verbs.acting import Acting
from memory.domain.errors import NotAuthenticated
from memory.domain.principal import Principal

from .words import LANGUAGES, UiLanguage, Words, words

TOKEN, LANGUAGE, SHOP, THREAD = "token", "language", "shop", "thread"


class Visitor:
    """One signed-in browser; `kept` is its server-side storage."""

    def __init__(self, app: App, kept: Any) -> None:
        """Wrap the browser's storage."""
        self.app = app
        self.kept = kept

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

    def sign_in(self, token: str) -> bool:
        """Keep the token where it is valid and say whether it is."""
        if self._principal(token) is None:
            return False
        self.kept[TOKEN] = token
        return True

    def sign_out(self) -> None:
        """Forget everything but the language."""
        language = self.language
        self.kept.clear()
        self.kept[LANGUAGE] = language

    def principal(self) -> Principal:
        """Give who is signed in; raises `NotAuthenticated` once the token has ended."""
        found = self._principal(str(self.kept.get(TOKEN, "")))
        if found is None:
            raise NotAuthenticated()
        return found

    def acting(self) -> Acting:
        """Give the principal at work in the chosen shop, the first granted one where none is chosen."""
        principal = self.principal()
        shops = principal.shops()
        chosen = str(self.kept.get(SHOP, ""))
        shop_id = chosen if chosen in shops else (shops[0] if shops else "")
        return Acting(app=self.app, principal=principal, shop_id=shop_id)

    def _principal(self, token: str) -> Principal | None:
        with self.app.store.read() as uow:
            return uow.principals.by_token(token.strip(), self.app.clock.now())
