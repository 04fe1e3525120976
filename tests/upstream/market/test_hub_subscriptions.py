"""Who wants what: patterns, the pace at which the front is asked, the grace before it is told."""

from functools import partial

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.market.pace import pace
from webctp.config import Config
from webctp.upstream.market.instruments import InstrumentDirectory, is_pattern, matches
from webctp.upstream.market.subscriptions import Steps, Subscriptions, TooMany

NAMES = [b"rb2610", b"rb2701", b"cu2609", b"SR701C6000", b"m2701-C-3000"]


class SubscriptionsCase(SynchronousTestCase):
    """Subscriptions, and what the front is asked."""

    asked = pace()

    def setUp(self) -> None:
        self.clock = Clock()
        self.known = InstrumentDirectory()
        self.sent: list[tuple[bool, list[bytes]]] = []
        self.returns = 0
        self.subscriptions = Subscriptions[str](self.clock, self.asked, self.known, [self.send])
        self.subscriptions.ready(0)

    def tearDown(self) -> None:
        self.subscriptions.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def send(self, wanted: bool, names: list[bytes]) -> int:
        self.sent.append((wanted, names))
        return self.returns

    def subscribers(self, name: bytes) -> list[str]:
        subscription = self.subscriptions.by_name.get(name)
        return [] if subscription is None else list(subscription.clients)


class Patterns(SubscriptionsCase):
    """``*`` and ``?`` over the instruments known."""

    def test_what_is_known_already(self) -> None:
        self.known.add(NAMES)
        self.subscriptions.subscribe("a", [b"rb*"])
        self.assertEqual(self.sent, [(True, [b"rb2610", b"rb2701"])])

    def test_what_is_learnt_later(self) -> None:
        self.subscriptions.subscribe("a", [b"*"])
        self.assertEqual(self.sent, [])
        self.known.add([b"rb2610"])
        self.known.add([b"rb2610", b"cu2609"])
        self.assertEqual(self.sent, [(True, [b"rb2610"]), (True, [b"cu2609"])])

    def test_case_and_dots_are_letters(self) -> None:
        self.assertFalse(matches(b"RB*", b"rb2610"))
        self.assertFalse(matches(b"r.*", b"rb2610"))
        self.assertTrue(matches(b"?b26??", b"rb2610"))

    def test_no_instrument_is_a_pattern(self) -> None:
        self.assertFalse(any(is_pattern(name) for name in NAMES))

    def test_a_name_outlives_the_pattern_and_the_other_way_round(self) -> None:
        self.known.add(NAMES)
        self.subscriptions.subscribe("a", [b"rb*", b"rb2610"])
        self.subscriptions.unsubscribe("a", [b"rb*"])
        self.assertEqual(self.subscribers(b"rb2610"), ["a"])
        self.assertEqual(self.subscribers(b"rb2701"), [])
        self.subscriptions.subscribe("a", [b"*"])
        self.subscriptions.unsubscribe("a", [b"rb2610"])
        self.assertEqual(self.subscribers(b"rb2610"), ["a"])

    def test_a_pattern_given_up_takes_nothing_new(self) -> None:
        self.subscriptions.subscribe("a", [b"*"])
        self.subscriptions.subscribe("b", [b"*"])
        self.subscriptions.unsubscribe("a", [b"*"])
        self.known.add([b"rb2610"])
        self.assertEqual(self.subscribers(b"rb2610"), ["b"])

    def test_the_limit(self) -> None:
        known = InstrumentDirectory(limit=2)
        known.add([b"a", b"b", b"c"])
        known.add([b"d"])
        self.assertEqual((len(known), b"a" in known, b"c" in known), (2, True, False))

    @given(st.lists(st.tuples(st.booleans(), st.sampled_from([*NAMES, b"*", b"rb*", b"?u*"]))))
    @example(
        [(True, NAMES[3]), (True, b"*"), (False, NAMES[3]), (False, b"*")] + [(False, b"")] * 4
    )
    def test_each_gets_just_what_its_wishes_say(self, steps: list[tuple[bool, bytes]]) -> None:
        known = InstrumentDirectory()
        known.add(NAMES[:3])
        subscriptions = Subscriptions[str](Clock(), pace(), known, [lambda wanted, names: 0])
        wishes: set[bytes] = set()
        for number, (wanted, name) in enumerate(steps):
            if wanted:
                subscriptions.subscribe("a", [name])
                wishes.add(name)
            else:
                subscriptions.unsubscribe("a", [name])
                wishes.discard(name)
            if number == len(steps) // 2:
                known.add(NAMES)
        known.add(NAMES)
        for name in NAMES:
            held = any(one == name or (is_pattern(one) and matches(one, name)) for one in wishes)
            subscription = subscriptions.by_name.get(name)
            self.assertEqual(subscription is not None and "a" in subscription.clients, held, name)


class Limited(SynchronousTestCase):
    """A client's instruments are counted, whatever it does."""

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("ab"),
                st.booleans(),
                st.sampled_from([*NAMES, b"*", b"rb*", b"?u*"]),
            )
        )
    )
    def test_never_more_and_never_refused_what_there_is_room_for(
        self, steps: list[tuple[str, bool, bytes]]
    ) -> None:
        known = InstrumentDirectory()
        full: list[str] = []
        subscriptions = Subscriptions[str](
            Clock(), pace(), known, [lambda *_: 0], limit=2, on_full=full.append
        )

        def has(client: str) -> set[bytes]:
            return {name for name, one in subscriptions.by_name.items() if client in one.clients}

        for number, (client, wanted, name) in enumerate(steps):
            before = has(client)
            found = set(known.matching(name)) if is_pattern(name) else {name}
            if not wanted:
                subscriptions.unsubscribe(client, [name])
                self.assertLessEqual(has(client), before)
            elif len(before | found) > 2:
                self.assertRaises(TooMany, subscriptions.subscribe, client, [name])
                self.assertEqual(has(client), before)
            else:
                subscriptions.subscribe(client, [name])
                self.assertEqual(has(client), before | found)
            known.add(NAMES[: number // 2])
            self.assertLessEqual(max(len(has("a")), len(has("b"))), 2)


class Paced(SubscriptionsCase):
    """Batches with a pause between them."""

    asked = pace(subscribe_batch=2, subscribe_interval=0.5)

    @holds("MD-SUBSCRIBEMARKETDATA-3")
    def test_a_batch_at_a_time(self) -> None:
        self.subscriptions.subscribe("a", NAMES)
        self.assertEqual(self.sent, [(True, NAMES[:2])])
        self.clock.advance(0.4)
        self.assertEqual(len(self.sent), 1)
        self.clock.pump([0.1, 0.5, 0.5])
        self.assertEqual([names for _, names in self.sent], [NAMES[:2], NAMES[2:4], NAMES[4:]])

    def test_many_small_wishes_are_one_batch(self) -> None:
        for name in NAMES[:3]:
            self.subscriptions.subscribe("a", [name])
        self.clock.advance(0.5)
        self.assertEqual([names for _, names in self.sent], [NAMES[:1], NAMES[1:3]])

    def test_what_is_undone_before_it_was_sent_is_not_sent(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:1])
        self.subscriptions.subscribe("a", NAMES[1:3])
        self.subscriptions.unsubscribe("a", NAMES[1:2])
        self.clock.advance(0.5)
        self.assertEqual(self.sent, [(True, NAMES[:1]), (True, NAMES[2:3])])

    def test_a_refused_batch_is_sent_again(self) -> None:
        self.returns = -3
        self.subscriptions.subscribe("a", NAMES[:1])
        self.returns = 0
        self.clock.advance(1)
        self.assertEqual(self.sent, [(True, NAMES[:1])] * 2)
        self.clock.advance(1)
        self.assertEqual(len(self.sent), 2)

    @holds("MD-SUBSCRIBEMARKETDATA-3")
    def test_by_default_no_second_has_more_than_a_thousand(self) -> None:
        config = Config(md_front_address=("tcp://one:1",))
        sent: list[tuple[float, int]] = []

        def send(wanted: bool, names: list[bytes]) -> int:
            sent.append((self.clock.seconds(), len(names)))
            return 0

        subscriptions = Subscriptions[str](self.clock, config, InstrumentDirectory(), [send])
        subscriptions.ready(0)
        subscriptions.subscribe("a", [b"%d" % number for number in range(7)])
        subscriptions.subscribe("a", [b"%d" % number for number in range(5_000)])
        for _ in range(80):
            self.clock.advance(0.1)
        subscriptions.close()
        self.assertEqual(sum(count for _, count in sent), 5_000)
        for start, _ in sent:
            told = sum(count for when, count in sent if start <= when < start + 1)
            self.assertLessEqual(told, 1_007, f"from second {start}")

    @holds("MD-SUBSCRIBEMARKETDATA-3")
    def test_after_a_break_that_follows_a_request_it_is_asked_more_slowly(self) -> None:
        self.subscriptions.subscribe("a", NAMES)
        for times in (2, 4):
            self.subscriptions.lost(0)
            self.sent.clear()
            self.clock.advance(10)
            self.subscriptions.ready(0)
            self.clock.advance(0.5 * times - 0.1)
            self.assertEqual(len(self.sent), 1, f"{times} times more slowly")
            self.clock.advance(0.1)
            self.assertEqual(len(self.sent), 2)
        self.clock.pump([2.0, 2.0])
        self.assertEqual([name for _, names in self.sent for name in names], NAMES)

    def test_when_the_line_holds_it_is_asked_as_before(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:2])
        self.subscriptions.lost(0)
        self.subscriptions.ready(0)
        self.clock.advance(10)
        self.sent.clear()
        self.subscriptions.subscribe("a", NAMES[2:])
        self.clock.advance(0.5)
        self.assertEqual([names for _, names in self.sent], [NAMES[2:4], NAMES[4:]])

    def test_a_break_long_after_the_last_request_slows_nothing_down(self) -> None:
        self.subscriptions.subscribe("a", NAMES)
        self.clock.pump([0.5, 0.5, 10])
        self.subscriptions.lost(0)
        self.sent.clear()
        self.subscriptions.ready(0)
        self.clock.advance(0.5)
        self.assertEqual(len(self.sent), 2)

    @holds("MD-ONFRONTDISCONNECTED-1")
    def test_an_outage_begins_anew(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:3])
        self.subscriptions.lost(0)
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.clock.advance(5)
        self.assertEqual(len(self.sent), 1)
        self.subscriptions.ready(0)
        self.assertEqual(self.sent[-1], (True, NAMES[1:3]))


class Grace(SubscriptionsCase):
    """An instrument nobody wants is kept a while."""

    asked = pace(unsubscribe_grace=10)

    def test_told_after_the_grace(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:1])
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.clock.advance(9.9)
        self.assertEqual(self.sent, [(True, NAMES[:1])])
        self.clock.advance(0.2)
        self.assertEqual(self.sent[1:], [(False, NAMES[:1])])
        self.assertEqual(dict(self.subscriptions.by_name), {})

    def test_who_comes_back_finds_it(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:1])
        self.subscriptions.by_name[NAMES[0]].last = b"tick"
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.clock.advance(5)
        self.assertEqual(self.subscriptions.subscribe("b", NAMES[:1]), [b"tick"])
        self.clock.advance(20)
        self.assertEqual(len(self.sent), 1)

    def test_each_leave_has_its_own_grace(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:1])
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.clock.advance(6)
        self.subscriptions.subscribe("a", NAMES[:1])
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.clock.advance(6)
        self.assertEqual(len(self.sent), 1)
        self.clock.advance(4)
        self.assertEqual(self.sent[1:], [(False, NAMES[:1])])

    def test_not_asked_for_again_after_an_outage(self) -> None:
        self.subscriptions.subscribe("a", NAMES[:2])
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.subscriptions.lost(0)
        self.subscriptions.ready(0)
        self.assertEqual(self.sent[-1], (True, NAMES[1:2]))
        self.subscriptions.subscribe("b", NAMES[:1])
        self.assertEqual(self.sent[-1], (True, NAMES[:1]))


class TwoLines(SynchronousTestCase):
    """Counted once, sent to both."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.sent: dict[int, list[tuple[bool, list[bytes]]]] = {0: [], 1: []}
        self.dropped: list[bytes] = []
        self.subscriptions = Subscriptions[str](
            self.clock,
            pace(unsubscribe_grace=10),
            InstrumentDirectory(),
            [partial(self.send, line) for line in self.sent],
            on_dropped=self.dropped.append,
        )
        self.addCleanup(self.subscriptions.close)

    def send(self, line: int, wanted: bool, names: list[bytes]) -> int:
        self.sent[line].append((wanted, names))
        return 0

    def test_each_is_asked_when_it_is_ready(self) -> None:
        self.subscriptions.ready(0)
        self.subscriptions.subscribe("a", NAMES[:1])
        self.subscriptions.ready(1)
        self.subscriptions.subscribe("a", NAMES[1:2])
        self.subscriptions.lost(0)
        self.subscriptions.subscribe("a", NAMES[2:3])
        self.subscriptions.ready(0)
        one, two, three = ([name] for name in NAMES[:3])
        self.assertEqual(self.sent[0], [(True, one), (True, two), (True, one + two + three)])
        self.assertEqual(self.sent[1], [(True, one), (True, two), (True, three)])

    def test_what_waits_to_be_dropped_is_when_one_begins_anew(self) -> None:
        self.subscriptions.ready(0)
        self.subscriptions.subscribe("a", NAMES[:2])
        self.subscriptions.unsubscribe("a", NAMES[:1])
        self.subscriptions.ready(1)
        self.assertEqual(self.sent[0][1:], [(False, NAMES[:1])])
        self.assertEqual(self.sent[1], [(True, NAMES[1:2])])
        self.assertEqual(self.dropped, NAMES[:1])
        self.subscriptions.subscribe("a", NAMES[:1])
        for line in (0, 1):
            self.assertEqual(self.sent[line][-1], (True, NAMES[:1]))


CLIENTS = ("a", "b")
ASKED = (*NAMES, b"*", b"rb*", b"?u*", b"*-C-*", b"new*")
LATER = [b"new%d" % number for number in range(3)]
WORK = st.lists(
    st.tuples(
        st.sampled_from(CLIENTS),
        st.sampled_from(("subscribe", "unsubscribe", "leave", "break off", "step", "learn")),
        st.lists(st.sampled_from(ASKED), max_size=4),
    ),
    max_size=25,
)


class InSteps(SubscriptionsCase):
    """Long work goes on in steps, with others, and with what is learnt, between them."""

    @given(WORK)
    def test_however_steps_fall_everybody_has_what_it_asks_for(
        self, work: list[tuple[str, str, list[bytes]]]
    ) -> None:
        self.setUp()
        self.known.add(NAMES)
        later = iter(LATER)
        wishes: dict[str, set[bytes]] = {client: set() for client in CLIENTS}
        under_way: dict[str, Steps[object]] = {}

        def finish(client: str) -> None:
            for _ in under_way.pop(client, ()):
                pass

        for client, what, asked in work:
            if what == "learn":
                self.known.add(filter(None, [next(later, None)]))
            elif what == "step":
                if client in under_way and next(under_way[client], "over") == "over":
                    del under_way[client]
            elif what in ("leave", "break off"):
                if what == "leave":
                    finish(client)
                elif client in under_way:
                    under_way.pop(client).close()
                wishes[client].clear()
                self.subscriptions.leave(client)
            else:
                finish(client)  # a client asks for one thing after the other
                if what == "subscribe":
                    wishes[client].update(asked)
                    under_way[client] = self.subscriptions.subscribing(client, asked)
                else:
                    wishes[client].difference_update(asked)
                    under_way[client] = self.subscriptions.unsubscribing(client, asked)
        for client in CLIENTS:
            finish(client)
        known = list(self.known.matching(b"*"))
        for name in {*NAMES, *LATER}:
            expected = {
                client
                for client, own in wishes.items()
                if any(one == name or (name in known and matches(one, name)) for one in own)
            }
            self.assertEqual(set(self.subscribers(name)), expected, name)
        self.subscriptions.close()

    def test_a_client_that_goes_on_and_off_is_noted_once(self) -> None:
        self.subscriptions = Subscriptions[str](
            self.clock, pace(unsubscribe_grace=10), self.known, [self.send]
        )
        self.known.add(b"rb%d" % number for number in range(1_000))
        for _ in range(20):
            self.subscriptions.subscribe("a", [b"*"])
            self.subscriptions.unsubscribe("a", [b"*"])
        self.assertLessEqual(len(self.subscriptions._lapsing), 1_000)
        self.clock.advance(10)
        self.assertEqual(self.subscriptions.by_name, {})

    def test_the_grace_counts_from_the_last_time(self) -> None:
        self.subscriptions = Subscriptions[str](
            self.clock, pace(unsubscribe_grace=10), self.known, [self.send]
        )
        self.subscriptions.subscribe("a", [b"rb2610"])
        self.subscriptions.unsubscribe("a", [b"rb2610"])
        self.clock.advance(6)
        self.subscriptions.subscribe("a", [b"rb2610"])
        self.subscriptions.unsubscribe("a", [b"rb2610"])
        self.clock.advance(6)
        self.assertIn(b"rb2610", self.subscriptions.by_name)
        self.clock.advance(4)
        self.assertEqual(self.subscriptions.by_name, {})

    def test_no_step_looks_at_everything(self) -> None:
        self.known.add(b"rb%d" % number for number in range(20_000))
        patterns = [b"*" * number for number in range(1, 51)]
        for steps in (
            self.subscriptions.subscribing("a", patterns),
            self.subscriptions.unsubscribing("a", patterns[1:]),
            self.subscriptions.leaving("a"),
        ):
            self.assertGreater(sum(1 for _ in steps), 20_000 // 256)
