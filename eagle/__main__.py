"""`python -m eagle` is the command `eagle`."""

import sys

from .legacy.cli import main

if __name__ == "__main__":
    sys.exit(main())
