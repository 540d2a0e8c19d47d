import os
import sys

# Read by OpenMP when the library is loaded. Its threads wait for each other by spinning, which takes the cores from
# whatever else runs; waiting passively from the start would make a question take half as long again.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

from embedding_model.server import main

sys.exit(main())
