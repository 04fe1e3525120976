"""The only room, with ``sim/``, that touches openctp_ctp: locale, catalogue, codec, bridge."""
