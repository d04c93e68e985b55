"""Lines over sizes, both on logarithmic axes, as SVG: what a plot of growth needs, and no more."""

import math
from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 520, 80, 230, 50, 60


def plot(title: str, across: str, up: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Draw lines of (size, value), all above 0; the legend stands at the right, in the order of the last values."""
    xs = [math.log10(x) for line in lines.values() for x, _ in line]
    ys = [math.log10(y) for line in lines.values() for _, y in line]
    low, high, bottom, top = min(xs), max(*xs, min(xs) + 1), math.floor(min(ys)), math.ceil(max(ys) + 1e-9)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (math.log10(x) - low) / (high - low) * (WIDTH - LEFT - RIGHT),
            TOP + (top - math.log10(y)) / (top - bottom) * (HEIGHT - TOP - BOTTOM),
        )

    drawn = [_text(LEFT, 28, title, "start", 17), _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 15, across)]
    drawn.append(f'<g transform="rotate(-90 20 {HEIGHT / 2})">{_text(20, HEIGHT / 2, up)}</g>')
    for power in range(bottom, top + 1):
        _, y = at(10**low, 10.0**power)
        drawn.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>{_text(LEFT - 8, y + 4, f"{10.0**power:g}", "end")}'
        )
    for power in range(math.ceil(low), math.floor(high) + 1):
        x, _ = at(10.0**power, 10.0**bottom)
        drawn.append(
            f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>{_text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}")}'
        )
    ranked = sorted(lines.items(), key=lambda item: -item[1][-1][1])
    for place, (name, line) in enumerate(ranked):
        colour, points = COLOURS[place % len(COLOURS)], [at(*point) for point in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        y = TOP + 12 + 24 * place
        drawn.append(f'<path d="M{WIDTH - RIGHT + 15} {y}h22" stroke="{colour}" stroke-width="3"/>')
        drawn.append(_text(WIDTH - RIGHT + 44, y + 4, name, "start"))
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" fill="#222">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *drawn, "</svg>\n"])


def _text(x: float, y: float, text: str, anchor: str = "middle", size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
