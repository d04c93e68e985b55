"""`python -m bot`."""

import gc
import sys

try:
    gc.disable()  # what is imported stays: to look through it for garbage takes a quarter of the time that importing takes
    sys.modules["rich"] = None  # type: ignore[assignment]  # structlog would import it for tracebacks that `bot.logs` writes
    import structlog  # noqa: F401

    del sys.modules["rich"]
    from bot.cli import main

    gc.freeze()
    gc.enable()
    main(prog_name="python -m bot")
except KeyboardInterrupt:  # while all is still being imported; `bot.commands.exit_codes` sees later ones
    sys.exit(130)
