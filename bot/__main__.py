"""`python -m bot`."""

import sys

try:
    from bot.cli import main

    main(prog_name="python -m bot")
except KeyboardInterrupt:  # while all is still being imported; `bot.edges` sees later ones
    sys.exit(130)
