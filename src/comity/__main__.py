"""``python -m comity`` is the command line."""

import sys

from comity.cli.main import main

sys.exit(main())
