"""`python -m bot`."""

import sys

try:
    from bot.cli import main

    main(prog_name="python -m bot")
except KeyboardInterrupt:  # before click can catch it
    sys.exit(130)
