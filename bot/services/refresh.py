"""Following what other processes change: moderators' choices, and who wants no cards.

Every few seconds the store is asked for what changed within the last minute, by its own clock: nothing at all, as a rule.
After it did not answer for a while, and now and then anyway, all is compared: what came late (a transaction that took over a
minute, a clock that was set) is seen then. While the store does not answer, memory stays as it was.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.core.errors import StorageError
from bot.services.guild_settings import SettingsService
from bot.services.privacy import Privacy

EVERY = 2.0
"""Seconds between two looks."""
RECENT = 60.0
"""Seconds for which a change is looked for."""
WHOLE = 600.0
"""Seconds between two comparisons of all."""

log = structlog.get_logger(__name__)


async def follow(
    settings: SettingsService,
    privacy: Privacy,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Follow until it is cancelled; begin just after all was read."""
    whole = looked = clock()
    gone = False
    while True:
        await sleep(EVERY)
        now = clock()
        try:
            if now - looked > RECENT / 2 or now - whole > WHOLE:
                await settings.refresh()
                await privacy.refresh()
                whole = now
            else:
                await settings.refresh_recent(RECENT)
                await privacy.refresh_changed()
        except StorageError as error:
            if not gone:
                log.warning("what other processes change is not seen for now", reason=str(error))
            gone = True
        except Exception:
            log.exception("what other processes change was not seen")
        else:
            looked, gone = now, False
