"""What the run before has left: said at the start, until its account logs in."""

from typing import Any

from tests.gateway.conditional.support import ConditionalCase
from webctp.gateway.conditional import desk


class LeftTests(ConditionalCase):
    """Conditional orders of an account that nobody logs in to."""

    def asleep(self) -> float:
        """The figure."""
        kept = self.td.commons.conditionals
        assert kept is not None
        samples = {one.metric.name: one.value for one in kept.samples()}
        return samples["webctp_conditional_orders_asleep"]

    def test_what_waits_for_a_login_is_said(self) -> None:
        self.put("c-1")
        self.put("c-2")
        self.killed()
        self.run_gateway(logs_in=False)
        self.assertEqual(self.asleep(), 0.0)
        said: list[dict[str, Any]] = []
        with self.log_to(said.append):
            self.td.start()
        (told,) = [one for one in said if one.get("log_format") == desk.ASLEEP]
        self.assertEqual((told["count"], told["accounts"]), (2, 1))
        self.assertEqual(self.asleep(), 2.0)
        self.peer = self.trader()
        self.assertEqual(self.asleep(), 0.0)
        self.assertEqual(self.status("c-2"), "paused")
