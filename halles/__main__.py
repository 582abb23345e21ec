"""python -m halles."""

import sys

from halles.cli import main

sys.exit(main(sys.argv[1:]))
