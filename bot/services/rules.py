"""The rules for a message: the settings of its place, whether its author wants replies, and which of its links count."""

from bot.core.channel_settings import ChannelSettings, Mode, Overrides, Place, Resolved, resolve
from bot.core.links import Link
from bot.core.reply import Post
from bot.core.source import Sources
from bot.services.guild_ports import GuildSettings
from bot.services.ports import Chat
from bot.services.privacy import Privacy

NOTHING = GuildSettings(0, {})


class SettingsInForce:
    """The settings of all guilds, in memory, so that a message costs no query; `SettingsService` changes them."""

    def __init__(self) -> None:
        self._guilds: dict[int, GuildSettings] = {}

    def effective(self, place: Place) -> ChannelSettings:
        """Give the settings that apply in a place."""
        return self.resolved(place).settings

    def resolved(self, place: Place) -> Resolved:
        """Give the settings that apply in a place, with the origin of each value."""
        return resolve(self.overrides(place.guild_id), place)

    def overrides(self, guild_id: int | None) -> Overrides:
        """Give all values that the moderators of a guild set."""
        return self._guilds.get(guild_id, NOTHING).overrides if guild_id is not None else NOTHING.overrides


class ReplyRules:
    """Applies the wishes of moderators and authors to a message."""

    def __init__(self, settings: SettingsInForce, privacy: Privacy, sources: Sources) -> None:
        self.settings = settings
        self.privacy = privacy
        self._sources = sources

    def settings_for(self, chat: Chat, post: Post) -> ChannelSettings | None:
        """Give the settings that apply to a message; None if no new reply is wanted or allowed."""
        settings = self.settings.effective(post.place)
        ignored = post.author_id in settings.ignored_members or not post.author_roles.isdisjoint(settings.ignored_roles)
        if settings.mode is Mode.OFF or ignored or self.privacy.opted_out(post.author_id):
            return None
        if post.by_webhook and not settings.webhooks:
            return None
        return settings if chat.may_reply(post.created_at) else None

    def wanted(self, post: Post) -> tuple[Link, ...]:
        """Give the links of a message that get cards: those to the sources that the settings of its place name.

        In direct messages all links count, since nobody else reads them.
        """
        if post.guild_id is None:
            return post.links
        settings = self.settings.effective(post.place)
        return tuple(
            link
            for link in post.links
            if self._sources.of(link.reference).name in settings.links and (settings.shorthands or not link.shorthand)
        )
