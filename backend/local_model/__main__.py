import os
import sys

# Read by OpenMP when the library is loaded. Its threads wait for each other by spinning, which takes the cores from
# whatever else runs: under load 1 token/s instead of 20. Waiting passively from the start halves the speed when idle.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

from local_model.server import main

sys.exit(main())
