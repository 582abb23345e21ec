"""The door."""

import sys

from halles.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
