"""``python -m webctp.sim``: the same as ``python -m webctp sim``."""

import sys

from webctp.sim.main import main

sys.exit(main(sys.argv[1:]))
