"""The demo's output in the terminal: the first card, the page's address, and what to try."""

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.commands.terminal import panel
from bot.core.card import Card
from bot.core.errors import BotError
from bot.demo.sample import Sample
from bot.demo.samples import SAMPLES

_HINTS = (
    "Several links in one message get several cards; <link> and `link` get none; || link || gets a hidden one.",
    "“Viewing as” changes who you are: Ann posts, Morgan moderates, Robin looks on; beside it, the channel. Enter sends.",
    "Point at a message: Summarise studies stands there, which Discord has in the menu Apps.",
)


def outcome(sample: Sample, card: Card | BotError) -> RenderableType:
    """Show the card of a sample, or the sentence that people would get instead."""
    head = Text.assemble((sample.shows, "bold"), "\n", (sample.link, "cyan"))
    shown = panel(card) if isinstance(card, Card) else Padding(Text(card.advice, "yellow"), (0, 2))
    return Group(head, shown, Text())


def announce(console: Console, url: str, card: Card) -> None:
    """Print that the demo runs, with the first card, the samples and the page's address."""
    console.print("The first card, as `python -m bot show` draws it in a terminal:\n")
    console.print(panel(card))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for sample in SAMPLES:
        table.add_row(Text(sample.short_link, "cyan"), sample.shows)
    console.print("\nLinks to paste, and what each shows (every record is invented):\n", highlight=False)
    console.print(Padding(table, (0, 2)))
    console.print()
    for hint in _HINTS:
        console.print(Text(hint), soft_wrap=True)
    console.print()
    console.print(Text.assemble(("Open  ", "bold"), (url, "bold green")), soft_wrap=True)
    console.print("Ctrl-C ends.", highlight=False)
