"""`python -m leadership <command>`: the same as `leadership <command>` where the project is installed."""

import sys

from commands import main

sys.exit(main())
