"""``python -m webctp_client``: the same as ``webctp-client``."""

import sys

from webctp_client.command import main

if __name__ == "__main__":
    sys.exit(main())
