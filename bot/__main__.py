"""Runs the command line: `python -m bot`."""

import sys

try:
    from bot.cli import main

    main(prog_name="python -m bot")
except KeyboardInterrupt:  # a Ctrl-C before click handles it
    sys.exit(130)
