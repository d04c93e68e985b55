"""Metrics for Prometheus. The collectors and the table in docs/hosts.md are made from one table (`python -m bot docs`).

Labels come from closed sets: words of `bot.services.meters`, names of commands, shards. Events are counted as they happen;
current values (`read`) are read at each request for `/metrics`, and cost nothing otherwise.
"""

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.services.meters import SERVICES, LookupOutcome, Meters, Outcome

Readings = Iterable[tuple[tuple[str, ...], float]]
"""The current values of a metric, each with the values of its labels."""

SITE_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)
ANSWER_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60)
"""Bounds of the histograms' buckets; Discord gives an interaction three seconds until its first answer."""

STATUSES = ("none", "200", "304", "403", "404", "410", "429", "500", "502", "503", "504", "1xx", "2xx", "3xx", "4xx", "5xx")
GATEWAY_EVENTS = ("connected", "resumed", "disconnected", "unread")
KINDS = ("command", "autocomplete", "component", "form")
BREAKER = ("closed", "open", "probing")


@dataclass(frozen=True, slots=True)
class Metric:
    """The description of a metric, for the docs and for Prometheus."""

    name: str
    kind: str
    about: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The labels with their values, if these are known beforehand; then their series start at 0."""
    buckets: tuple[float, ...] = ()
    read: bool = False
    """Whether its values are read at each request for metrics."""
    theirs: bool = False
    """Whether prometheus-client's own `ProcessCollector` gives it, on Linux."""


METRICS = (
    Metric("precis_build_info", "gauge", "1", {"version": (), "python": (), "discord_py": ()}, read=True),
    Metric("precis_messages_total", "counter", "Messages seen", read=True),
    Metric("precis_links_total", "counter", "Links to records in messages that people posted"),
    Metric(
        "precis_cards_total", "counter", "Links that were to get a card, by what became of it", {"result": tuple(Outcome)}
    ),
    Metric("precis_lookups_total", "counter", "Lookups of records, by what was stored", {"found": tuple(LookupOutcome)}),
    Metric(
        "precis_site_request_seconds",
        "histogram",
        "Requests to Erowid, robots.txt included, by the answer's status (`none`: no answer)",
        {"status": STATUSES},
        SITE_SECONDS,
    ),
    Metric("precis_site_waiting", "gauge", "Requests that wait for their turn at Erowid", read=True),
    Metric("precis_site_breaker", "gauge", "1 for the state of the circuit breaker", {"state": BREAKER}, read=True),
    Metric(
        "precis_service_request_seconds",
        "histogram",
        "Requests to the bibliographic services, by the answer's status (`none`: no answer)",
        {"service": SERVICES, "status": STATUSES},
        SITE_SECONDS,
    ),
    Metric(
        "precis_service_breaker",
        "gauge",
        "1 for the state of a service's circuit breaker",
        {"service": SERVICES, "state": BREAKER},
        read=True,
    ),
    Metric(
        "precis_gateway_connected", "gauge", "1 while a shard is connected and its heartbeat lives", {"shard": ()}, read=True
    ),
    Metric("precis_gateway_latency_seconds", "gauge", "Time of a shard's last heartbeat", {"shard": ()}, read=True),
    Metric(
        "precis_gateway_events_total", "counter", "Changes of a shard's connection", {"shard": (), "event": GATEWAY_EVENTS}
    ),
    Metric("precis_guilds", "gauge", "Servers that the bot is in", read=True),
    Metric("precis_work_running", "gauge", "Events and interactions that are being worked on", read=True),
    Metric(
        "precis_promises_unkept",
        "gauge",
        "Messages that wait for a process to take them up, as the resume loop found them; NaN if the database did not say",
        read=True,
    ),
    Metric(
        "precis_interactions_total",
        "counter",
        "Commands, clicks and forms, by the command's name or the button's, and how they ended",
        {"kind": KINDS, "name": (), "result": tuple(Outcome)},
    ),
    Metric(
        "precis_interaction_seconds",
        "histogram",
        "Time until a command, click or form was done with",
        {"kind": KINDS, "name": ()},
        ANSWER_SECONDS,
    ),
    Metric("process_cpu_seconds_total", "counter", "Processor time of this process", theirs=True),
    Metric("process_resident_memory_bytes", "gauge", "Its memory", theirs=True),
    Metric("process_virtual_memory_bytes", "gauge", "Its address space", theirs=True),
    Metric("process_start_time_seconds", "gauge", "When it was started, in seconds since 1970", theirs=True),
    Metric("process_open_fds", "gauge", "Its open files and connections", theirs=True),
    Metric("process_max_fds", "gauge", "How many it may have", theirs=True),
)


class Metrics(Meters, Collector):
    """Counts and times all that is reported to `bot.services.meters.Meters`, for Prometheus to fetch."""

    def __init__(self, *, version: str, discord_py: str) -> None:
        super().__init__()
        self.registry = CollectorRegistry()
        self._readers: dict[str, Callable[[], Readings]] = {}
        self._told: dict[str, Counter | Histogram] = {}
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # start times of series, which nothing uses
        for metric in METRICS:
            if not (metric.read or metric.theirs):
                self._told[metric.name] = _collector(metric, self.registry)
        self.registry.register(self)
        ProcessCollector(registry=self.registry)
        self.read("precis_build_info", lambda: [((version, platform.python_version(), discord_py), 1)])
        self.read("precis_messages_total", lambda: [((), self.messages)])
        self.read("precis_promises_unkept", lambda: [((), self.pending)])

    def read(self, name: str, reader: Callable[[], Readings]) -> None:
        """Set the function that reads the values of a metric, in place of an earlier one."""
        self._readers[name] = reader

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """Give the current values of the metrics with `read`."""
        for metric in METRICS:
            if metric.read:
                family = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
                made = family(metric.name, metric.about, labels=list(metric.labels))
                for labels, value in self._readers.get(metric.name, list)():
                    made.add_metric(list(labels), value)
                yield made

    def links(self, count: int) -> None:
        self._counter("precis_links_total").inc(count)

    def card(self, outcome: Outcome) -> None:
        self._counter("precis_cards_total", outcome).inc()

    def lookup(self, outcome: LookupOutcome) -> None:
        self._counter("precis_lookups_total", outcome).inc()

    def request(self, site: str, status: str, seconds: float) -> None:
        if site in SERVICES:
            self._histogram("precis_service_request_seconds", site, _known(status)).observe(seconds)
        else:
            self._histogram("precis_site_request_seconds", _known(status)).observe(seconds)

    def interaction(self, kind: str, name: str, outcome: Outcome, seconds: float) -> None:
        self._counter("precis_interactions_total", kind, name, outcome).inc()
        self._histogram("precis_interaction_seconds", kind, name).observe(seconds)

    def gateway(self, shard: int, event: str) -> None:
        self._counter("precis_gateway_events_total", str(shard), event).inc()

    def _counter(self, name: str, *labels: str) -> Counter:
        counter = self._told[name]
        assert isinstance(counter, Counter)  # noqa: S101 - as the table has it
        return counter.labels(*labels) if labels else counter

    def _histogram(self, name: str, *labels: str) -> Histogram:
        histogram = self._told[name]
        assert isinstance(histogram, Histogram)  # noqa: S101 - as the table has it
        return histogram.labels(*labels)


def _known(status: str) -> str:
    """Give the status under which an answer is counted: one of `STATUSES`."""
    known = status if status in STATUSES else f"{status[:1]}xx"
    return known if known in STATUSES else "5xx"


def _collector(metric: Metric, registry: CollectorRegistry) -> Counter | Histogram:
    """Make the collector of a metric; if it has a single label with known values, all its series start at 0."""
    names = list(metric.labels)
    made = (
        Counter(metric.name, metric.about, names, registry=registry)
        if metric.kind == "counter"
        else Histogram(metric.name, metric.about, names, registry=registry, buckets=metric.buckets)
    )
    if len(names) == 1:
        for value in metric.labels[names[0]]:
            made.labels(value)
    return made
