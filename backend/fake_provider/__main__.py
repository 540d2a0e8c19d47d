import sys

from fake_provider.server import main

sys.exit(main())
