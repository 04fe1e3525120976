"""webctp.metrics: what a metric may be called, and how a registry reads all rooms."""

from collections.abc import Iterator

from twisted.trial.unittest import SynchronousTestCase

from webctp.commands.docs.metrics import declared
from webctp.metrics import Distribution, Histogram, Kind, Metric, Registry, Sample

TICKS = Metric("webctp_ticks_total", Kind.COUNTER, "Ticks received.", "收到的行情数。", ("feed",))
CLIENTS = Metric("webctp_clients", Kind.GAUGE, "Clients connected.", "已连接的客户端数。")


class Room:
    """Tells what it is given, and counts how often it is asked."""

    def __init__(self, *told: Sample) -> None:
        self.told = told
        self.read = 0

    def samples(self) -> Iterator[Sample]:
        self.read += 1
        yield from self.told


class Metrics(SynchronousTestCase):
    """What a metric and its samples may be."""

    def test_sample_names_its_labels(self) -> None:
        sample = TICKS.sample(7, "0")
        self.assertEqual((sample.name, sample.value), ("webctp_ticks_total", 7))
        self.assertEqual(sample.labelled, {"feed": "0"})

    def test_sample_needs_a_value_for_each_label(self) -> None:
        self.assertRaisesRegex(ValueError, "webctp_ticks_total has the labels", TICKS.sample, 7)
        self.assertRaisesRegex(ValueError, "not 1 values", CLIENTS.sample, 7, "0")

    def test_counters_and_they_alone_end_in_total(self) -> None:
        for name, kind in (("webctp_ticks", Kind.COUNTER), ("webctp_ticks_total", Kind.GAUGE)):
            with self.assertRaisesRegex(ValueError, "end in _total"):
                Metric(name, kind, "Ticks.", "行情。")

    def test_names_are_prometheus_names_of_ours(self) -> None:
        for name in ("ticks", "webctp_", "webctp_Ticks", "webctp_ticks-held", "webctp_ticks_"):
            with self.assertRaisesRegex(ValueError, "is no name of a metric"):
                Metric(name, Kind.GAUGE, "Ticks.", "行情。")
        with self.assertRaisesRegex(ValueError, "'Feed' is no name of a label"):
            Metric("webctp_ticks", Kind.GAUGE, "Ticks.", "行情。", ("Feed",))

    def test_help_is_told_in_both_languages(self) -> None:
        for texts in (("", "行情。"), ("Ticks.", "")):
            with self.assertRaisesRegex(ValueError, "English and in Chinese"):
                Metric("webctp_ticks", Kind.GAUGE, *texts)


class Gathering(SynchronousTestCase):
    """What a scrape reads."""

    def test_samples_of_a_metric_stand_together_by_name(self) -> None:
        rooms = [Room(TICKS.sample(1, "0"), CLIENTS.sample(2)), Room(TICKS.sample(3, "1"))]
        found = Registry(rooms).gather()
        self.assertEqual(list(found), [CLIENTS, TICKS])
        self.assertEqual(found[TICKS], [TICKS.sample(1, "0"), TICKS.sample(3, "1")])

    def test_rooms_are_read_on_a_scrape_only(self) -> None:
        room = Room(CLIENTS.sample(2))
        registry = Registry()
        registry.add(room)
        self.assertEqual(room.read, 0)
        registry.gather()
        registry.gather()
        self.assertEqual(room.read, 2)

    def test_two_metrics_of_one_name_are_an_error(self) -> None:
        other = Metric("webctp_clients", Kind.GAUGE, "Other clients.", "其他客户端数。")
        registry = Registry([Room(CLIENTS.sample(1)), Room(other.sample(1))])
        self.assertRaisesRegex(ValueError, "different metrics webctp_clients", registry.gather)

    def test_same_labels_twice_are_an_error(self) -> None:
        registry = Registry([Room(TICKS.sample(1, "0")), Room(TICKS.sample(2, "0"))])
        self.assertRaisesRegex(ValueError, "told twice with the same labels", registry.gather)


class Histograms(SynchronousTestCase):
    """Values counted by bounds."""

    def test_a_value_is_counted_at_the_least_bound_that_holds_it(self) -> None:
        one = Histogram((1, 2.5))
        for value in (0, 1, 1.5, 2.5, 2.6, 9):
            one.observe(value)
        self.assertEqual(one.read(), Distribution((1, 2.5), (2, 2, 2), 16.6))

    def test_what_was_read_stays_as_it_was(self) -> None:
        one = Histogram((1,))
        before = one.read()
        one.observe(0.5)
        self.assertEqual(before, Distribution((1,), (0, 0), 0.0))

    def test_bounds_grow(self) -> None:
        for bounds in ((), (2, 1), (1, 1)):
            self.assertRaisesRegex(ValueError, "must grow", Histogram, bounds)


class Bounds(SynchronousTestCase):
    """Queues, and how much may wait in them."""

    def test_what_waits_is_told_with_its_bound(self) -> None:
        names = {one.name for one in declared()}
        without = {one for one in names if one.endswith("_waiting") and f"{one}_limit" not in names}
        self.assertEqual(
            without,
            {
                "webctp_api_calls_waiting",  # at most one for each session: sessions_limit
                "webctp_orders_waiting",  # bounded by OrderPatience, in seconds
                "webctp_queries_waiting",  # of all sessions; each has its limit, told beside
            },
        )
