"""The command line of `python -m bot`: a command's module is imported when the command runs, so `--help` answers at once."""

from importlib import import_module

import click

from bot import __version__

INTERRUPTED = 130
"""The exit code that shells give to a process ended by Ctrl-C."""
COMMANDS = {
    "cite": ("bot.commands.cite", "Cite the CSL-JSON items that stand under `csl` in FILE's JSON Lines."),
    "db": ("bot.commands.db", "Keep the database: bring it up to date, back it up, put a backup back."),
    "demo": ("bot.commands.demo", "Run the bot in a simulated Discord, on a web page; no token, no network."),
    "docs": ("bot.commands.docs", "Write the generated parts of docs/ and .env.example."),
    "doctor": ("bot.commands.doctor", "Check settings, database, sites, token, intents and commands; say what to do."),
    "findings": ("bot.commands.findings", "Label and choose sentences of the abstracts in FILE's JSON Lines."),
    "invite": (
        "bot.commands.invite",
        "Print the links that bring the bot to a server or an account, with the fewest permissions that work.",
    ),
    "match": (
        "bot.commands.match",
        "Find the DOI and PubMed ID of the CSL-JSON records that stand under `record` in FILE's JSON Lines.",
    ),
    "pages": ("bot.commands.pages", "Collect the pages that could not be read, for an issue."),
    "run": ("bot.commands.run", "Run the bot (DISCORD_TOKEN in the environment or .env)."),
    "setup": (
        "bot.commands.setup",
        "Ask for token and contact, write .env, send the commands, print the invitation, check all.",
    ),
    "show": ("bot.commands.show", "Show the card of each TARGET: a link, a number, or the path of a saved page."),
    "sync": ("bot.commands.sync", "Send the slash commands to Discord: once, and after each update that changes them."),
    "words": (
        "bot.commands.translations",
        "Write the template of the translations, and bring the catalogs in step with it.",
    ),
}
"""By the name of each command, its module (which has the command under that name) and its line in `--help`."""
SECTIONS = {
    "Use": ("show", "cite", "demo"),
    "Run": ("setup", "doctor", "invite", "sync", "run"),
    "Keep": ("db", "pages"),
    "Develop": ("docs", "findings", "match", "words"),
}
"""The names of the commands in each section of `--help`."""


class Commands(click.Group):
    """The group of the commands in COMMANDS, which imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        try:
            command: click.Command = getattr(import_module(module), cmd_name)
        except KeyboardInterrupt:  # later ones are caught by `bot.commands.exit_codes`
            raise click.exceptions.Exit(INTERRUPTED) from None
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands by section, without importing them."""
        for section, names in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="precis")
def main() -> None:
    """Precis answers links to the Erowid References Database with study cards."""
