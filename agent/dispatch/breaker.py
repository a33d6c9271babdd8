"""The circuit of one channel in one run: read at its start, moved by every outcome, written when it changes."""

from memory.domain.circuit import OPENS_AFTER, Circuit
from memory.domain.clock import Clock
from memory.domain.message import Accepted, Ambiguous, HandOff
from memory.domain.outcome import Blocked
from memory.store.engine import Store
from tools.channels import Sender


class Breaker:
    """Says how many messages may go, and listens to what became of them."""

    def __init__(
        self, store: Store, shop_id: str, channel: str, sender: Sender, clock: Clock, opens_after: int = OPENS_AFTER
    ) -> None:
        """Read where the channel stands."""
        self._store, self._clock, self._named = store, clock, (shop_id, channel, sender.name)
        self._opens_after = opens_after
        with store.read() as uow:
            self._circuit = uow.circuits.get(*self._named)

    @property
    def allowance(self) -> int | None:
        """How many messages may go now: none for any number, one where the circuit is half open."""
        state = self._circuit.at(self._clock.now()).state
        return {"closed": None, "half_open": 1, "open": 0}[state]

    def heard(self, outcome: HandOff) -> None:
        """Take an outcome into account; a message that is refused itself says nothing about the provider."""
        before = self._circuit
        if isinstance(outcome, Accepted):
            after = before.worked()
        elif isinstance(outcome, Ambiguous) or outcome.is_outage:
            now = self._clock.now()
            after = before.at(now).failed(
                outcome.reason, now, opens_after=self._opens_after, salt="\x1f".join(self._named)
            )
        else:
            return
        self._circuit = after
        if after.state != before.state or (before.n_failures and not after.n_failures):
            with self._store.unit_of_work() as uow:
                uow.circuits.put(*self._named, after, self._clock.now())

    def refusal(self) -> Blocked | None:
        """Give why nothing goes out, or none."""
        circuit, (_, channel, sender) = self._circuit.at(self._clock.now()), self._named
        if circuit.state != "open" or circuit.until is None:
            return None
        return Blocked(
            rule="circuit",
            code="circuit_open",
            message=f"{sender} failed {circuit.n_failures} times in a row ({circuit.reason}); nothing goes out by "
            f"{channel} before {circuit.until:%Y-%m-%d %H:%M:%S} UTC, then one message tries.",
            path=channel,
        )


def stands(circuit: Circuit) -> str:
    """Say in words where a circuit stands."""
    if circuit.state == "closed" or circuit.until is None:
        return "closed"
    return f"{circuit.state.replace('_', ' ')} until {circuit.until:%Y-%m-%d %H:%M} UTC ({circuit.reason})"
