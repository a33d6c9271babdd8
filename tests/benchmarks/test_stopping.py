"""The benchmark of stopping notices an unsubscription that is ignored."""

import pytest

from benchmarks import stopping
from memory.store.consents import Consents


@pytest.mark.slow
def test_planted_an_unsubscription_that_is_ignored_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "KINDS", ("keyed",))
    monkeypatch.setattr(Consents, "revoke", lambda *_args, **_named: None)
    with pytest.raises(RuntimeError, match="messages left after their people had unsubscribed"):
        stopping.run(short=True)
