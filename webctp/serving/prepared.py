"""Load what a daemon needs before twistd forks, so that a mistake stops the start with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from twisted.internet.interfaces import IStreamServerEndpoint

from webctp import preflight
from webctp.config import Config, ConfigError
from webctp.ctp import binding
from webctp.ctp.binding import Binding
from webctp.ctp.front import MarketFront
from webctp.ctp.locale import LocaleError
from webctp.ctp.runtime import BindingError
from webctp.fronts import FrontOf, Fronts
from webctp.gateway.http.tls import ServerCertificate, TlsError
from webctp.language.text import english, reason_of
from webctp.listening import certificate_of, endpoints_of, server_endpoint
from webctp.recording.errors import TickFileError
from webctp.recording.recorder import Recorder
from webctp.serving.access import Access
from webctp.serving.adminsocket import named_endpoints
from webctp.upstream.market.instrumentsfile import InstrumentsFileError, instruments_in


@dataclass(frozen=True, slots=True)
class Prepared:
    """Hold what was loaded before the fork: no thread, no socket, no native object.

    :ivar certificate: of ``TLS``; None where there is none.
    :ivar access: who may connect.
    :ivar metrics_endpoints: of ``MetricsListen``; none where metrics stand beside the services.
    :ivar admin_endpoints: of ``AdminListen``; none where it names none.
    :ivar fronts: what stands behind the addresses of each key that is served.
    :ivar instruments: the names of ``InstrumentsFile``; empty where there is none.
    :ivar recorder: of ``Record``; None where nothing is recorded.
    """

    binding: Binding
    certificate: ServerCertificate | None
    access: Access
    endpoints: tuple[IStreamServerEndpoint, ...]
    metrics_endpoints: tuple[IStreamServerEndpoint, ...]
    admin_endpoints: tuple[IStreamServerEndpoint, ...]
    fronts: dict[tuple[str, ...], MarketFront]
    instruments: tuple[bytes, ...]
    recorder: Recorder | None

    @property
    def all_endpoints(self) -> tuple[IStreamServerEndpoint, ...]:
        """Every endpoint that the configuration names: of clients, metrics and administrators."""
        return (*self.endpoints, *self.metrics_endpoints, *self.admin_endpoints)


def prepare(reactor: Any, config: Config, front_of: FrontOf | None = None) -> Prepared:
    """Load the binding, certificate, fronts and files that a configuration names.

    :param front_of: gives the front behind a key's addresses; by default what their scheme says.
    :raises webctp.config.ConfigError: naming the key of what cannot be used.
    """
    with _keys_named():
        loaded = binding.load(config.binding)
        preflight.check_values(config, loaded.trading_codec)
        certificate = certificate_of(config)
        endpoints = endpoints_of(reactor, config, certificate)
        metrics_endpoints = tuple(
            server_endpoint(reactor, one, "MetricsListen", certificate)
            for one in config.metrics_listen
        )
        admin_endpoints = named_endpoints(reactor, config)
        listening = (*endpoints, *metrics_endpoints, *admin_endpoints)
        access = Access(reactor, config, listening, certificate)
        instruments = (
            () if config.instruments_file is None else instruments_in(config.instruments_file)
        )
        fronts = _fronts(config, Fronts(config).of if front_of is None else front_of)
        recorder = _recorder(config, fronts)
    return Prepared(
        loaded,
        certificate,
        access,
        tuple(endpoints),
        metrics_endpoints,
        admin_endpoints,
        fronts,
        tuple(instruments),
        recorder,
    )


@contextmanager
def _keys_named() -> Iterator[None]:
    """Turn each part's own error into a ConfigError that names the key."""
    try:
        yield
    except LocaleError as problem:
        raise ConfigError(reason_of(problem)) from problem
    except BindingError as problem:
        told = english("{where}: {problem}", where="Binding", problem=problem)
        raise ConfigError(told, ("Binding",)) from problem
    except TlsError as problem:
        raise ConfigError(reason_of(problem), ("TLS",)) from problem
    except InstrumentsFileError as problem:
        raise ConfigError(reason_of(problem), ("InstrumentsFile",)) from problem
    except TickFileError as problem:
        told = english("{where}: {problem}", where="Record", problem=problem)
        raise ConfigError(told, ("Record",)) from problem


def _fronts(config: Config, front_of: FrontOf) -> dict[tuple[str, ...], MarketFront]:
    served = (
        ("TdFrontAddress", config.td_front_address, config.serves_td),
        ("MdFrontAddress", config.md_front_address, config.serves_md),
    )
    return {addresses: front_of(key, addresses) for key, addresses, serves in served if serves}


def _recorder(config: Config, fronts: dict[tuple[str, ...], MarketFront]) -> Recorder | None:
    kept = config.record
    if kept is None or not config.serves_md:
        return None
    return Recorder(kept.path, kept.format, clock=fronts[config.md_front_address].clock)
