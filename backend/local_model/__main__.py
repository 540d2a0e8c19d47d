import sys

from local_model.server import main

sys.exit(main())
