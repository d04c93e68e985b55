"""Studies by year and kind, drawn as a picture: one cell for one study, a cross through a retracted one.

It is 780 pixels wide, which Discord shows at 390 on a phone. Its background is part of it, so that it looks the same in
Discord's dark and light themes. The colours are those of Okabe and Ito, which can be told apart with any colour vision.

Import this module only where a picture is drawn: matplotlib takes some 30 MB of memory.
"""

import io
import threading
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from bot.core.phrase import Say
from bot.services.studies_by_year import KIND_WORDS, Overview, StudyKind

_INCHES = (3.9, 2.6)
_DPI = 200
_GROUND, _INK, _FAINT, _CROSS = "#1f262b", "#e8edf0", "#46525a", "#101417"
_COLOURS = {
    StudyKind.HUMAN: "#56b4e9",
    StudyKind.ANIMAL: "#e69f00",
    StudyKind.IN_VITRO: "#009e73",
    StudyKind.REVIEW: "#cc79a7",
    StudyKind.OTHER: "#a9b4ba",
}
_LEFT, _RIGHT, _BOTTOM, _TITLE = 0.09, 0.965, 0.11, 0.965
"""Positions of the edges of the axes and of the title, as fractions of the picture's width or height."""
_LINE = 0.072
"""The height of a line of text."""
_FEWEST_COLUMNS, _FEWEST_ROWS = 12, 4
"""The fewest columns and rows that there is room for, so that three studies do not fill the picture."""
_LEGEND_COLUMNS = 3
_GAP = 1.2
"""Points between cells."""
_LOW = 4.5
"""Points; cells with less height have no gap between them."""
_one_at_a_time = threading.Lock()
"""matplotlib's fonts may not be used by two threads at once."""


def draw_chart(overview: Overview, say: Say) -> bytes:
    """Draw a PNG of studies, at least one of which has a year. Slow: to be called in a thread."""
    with _one_at_a_time, rc_context({"font.family": "DejaVu Sans", "font.size": 8.5}):
        figure = Figure(figsize=_INCHES, dpi=_DPI)
        FigureCanvasAgg(figure)
        figure.patch.set_visible(False)
        rounded = FancyBboxPatch((0, 0), 1, 1, "round,pad=0,rounding_size=0.03", transform=figure.transFigure)
        rounded.set(facecolor=_GROUND, edgecolor="none", mutation_aspect=_INCHES[0] / _INCHES[1], zorder=-1)
        figure.add_artist(rounded)
        figure.text(0.03, _TITLE, say("Studies by year of publication"), va="top", color=_INK, fontsize=9.5, weight="bold")
        top = _TITLE - _LINE * (1.6 + _legend(figure, overview, say))
        bottom = _BOTTOM + _LINE * (overview.step > 1)
        axes = figure.add_axes((_LEFT, bottom, _RIGHT - _LEFT, top - bottom), facecolor="none")
        _cells(axes, overview, points=(top - bottom) * _INCHES[1] * 72)
        _frame(axes, overview, say)
        written = io.BytesIO()
        figure.savefig(written, format="png")
        return written.getvalue()


def _cells(axes: Axes, overview: Overview, points: float) -> None:
    """Stack the studies of each column; the axes are `points` high."""
    columns, step = overview.columns(), overview.step
    rows = max(_FEWEST_ROWS, *(len(column.studies) for column in columns)) * 1.04
    cell = points / rows
    width, height = 0.86 * step, 1 - (_GAP / cell if cell >= _LOW else 0)
    cells: dict[StudyKind, list[Rectangle]] = {kind: [] for kind in StudyKind}
    crosses = []
    for column in columns:
        left = column.first_year + (step - 1 - width) / 2
        for low, one in enumerate(column.studies):
            cells[one.kind].append(Rectangle((left, low), width, height))
            if one.retracted:
                right, high = left + width, low + height
                crosses += [[(left, low), (right, high)], [(left, high), (right, low)]]
    for kind, patches in cells.items():
        axes.add_collection(PatchCollection(patches, facecolor=_COLOURS[kind], edgecolor="none"))
    axes.add_collection(LineCollection(crosses, colors=_CROSS, linewidths=min(1.3, cell / 6), capstyle="butt"))
    first, last = columns[0].first_year, columns[-1].first_year + step - 1
    spare = max(0, _FEWEST_COLUMNS * step - (last - first + 1)) / 2
    axes.set_xlim(first - 0.6 - spare, last + 0.6 + spare)
    axes.set_ylim(0, rows)


def _frame(axes: Axes, overview: Overview, say: Say) -> None:
    """Draw few ticks and faint lines."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True))
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10], integer=True))
    axes.tick_params(colors=_INK, labelsize=8.5, length=0, pad=4)
    axes.grid(axis="y", color=_FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(_INK)
    if overview.step > 1:
        axes.set_xlabel(
            say("Each column: {count} year", "Each column: {count} years", count=overview.step), color=_INK, fontsize=8
        )


def _legend(figure: Figure, overview: Overview, say: Say) -> int:
    """Draw the legend: the colours that occur, with their numbers of studies. Gives its number of lines."""
    handles: list[Any] = []  # pairs, which HandlerTuple draws upon each other
    labels = []
    for kind, number in overview.kinds().items():
        handles.append((Rectangle((0, 0), 1, 1, facecolor=_COLOURS[kind]),))
        labels.append(f"{KIND_WORDS[kind].said(say)} {number}")
    if retracted := sum(one.retracted for one in overview.dated):
        cross = Line2D([0.5], [0.5], marker="x", color=_CROSS, markersize=6, markeredgewidth=1.3, linestyle="none")
        handles.append((Rectangle((0, 0), 1, 1, facecolor=_INK), cross))
        labels.append(f"{say('Retracted')} {retracted}")
    figure.legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(0.02, _TITLE - _LINE),
        ncols=_LEGEND_COLUMNS,
        frameon=False,
        labelcolor=_INK,
        handlelength=0.9,
        handleheight=0.9,
        handletextpad=0.5,
        columnspacing=1.0,
        borderpad=0.3,
        handler_map={tuple: HandlerTuple(ndivide=1, pad=0)},
    )
    return -(-len(labels) // _LEGEND_COLUMNS)
