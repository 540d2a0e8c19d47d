"""`python -m chaos`, as `make chaos` calls it."""

import sys

from chaos.options import read_options
from chaos.running import run

if __name__ == "__main__":
    sys.exit(run(read_options()))
