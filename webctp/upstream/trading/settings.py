"""What a trading session takes from the configuration."""

from dataclasses import dataclass

from webctp.secret import Secret
from webctp.upstream.trading.entry import ORDER_PATIENCE
from webctp.upstream.trading.flowreplay import QUIET


@dataclass(frozen=True, slots=True)
class TradingSettings:
    """What a trading session takes from the configuration.

    Times in seconds; ``order_rate`` a second, 0 for no bound. With ``optional_authentication`` a
    refused one does not end the login; ``confirms`` says whether a login confirms the settlement,
    or leaves that to the client. ``flow_quiet`` is how long the private flow must have been quiet
    for its replay to be over.
    """

    addresses: tuple[str, ...]
    broker_id: str
    app_id: str
    auth_code: Secret
    user_product_info: str
    flow_base: str
    production_mode: bool
    login_timeout: float
    query_interval: float = 1.0
    query_timeout: float = 30.0
    query_queue: int = 200
    order_rate: int = 0
    order_patience: float = ORDER_PATIENCE
    optional_authentication: bool = False
    confirms: bool = True
    flow_quiet: float = QUIET
