"""What stands in the place of live curves where no script runs: both curves, as an SVG image."""

import base64
import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.shared import CURVE_AIR, CURVE_SAMPLES, ROUND_STEPS

Array = NDArray[np.float64]

WIDTH, LEFT, RIGHT = 600, 46, 14
HEIGHTS = (240, 140)  # of the function and of its slope, in pixels
TOP, GAP, BELOW = 30, 38, 30
JUMP = 0.08  # of the height: more from one sample to the next is drawn as a gap


def picture(
    evaluate: Callable[[Array], tuple[Array, Array]],
    span: Sequence[float],
    x: float,
    styles: Sequence[Mapping[str, Any]],
    said: str,
    caption: str,
) -> str:
    """An image of a function and its slope over `span`, with the point at x, and the caption.

    evaluate : values and slopes at a vector of places
    styles : colour and plain name of function and slope, as in the state of a figure
    said : what the point shows, in words
    """
    low, high = span
    places = np.linspace(low, high, CURVE_SAMPLES + 1)
    points = evaluate(np.array([x]))
    parts = []
    top = TOP
    for heights, point, style, height in zip(
        evaluate(places), points, styles, HEIGHTS, strict=True
    ):
        parts.append(_panel(places, heights, (x, float(point[0])), style, top, height))
        top += height + GAP
    whole = top - GAP + BELOW
    numbers = "".join(
        f'<text x="{_across(places, tick):.1f}" y="{whole - 12}" text-anchor="middle">'
        f"{_written(tick)}</text>"
        for tick in ticks(low, high, 12)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" '
        f'font-family="sans-serif" font-size="13" fill="#57606a">'
        f'<rect width="{WIDTH}" height="{whole}" fill="#ffffff"/>{"".join(parts)}{numbers}</svg>'
    )
    data = base64.b64encode(svg.encode()).decode()
    alt = f"Curves for x from {low:g} to {high:g}: {said}."
    return (
        f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}" width="{WIDTH}">'
        f"<p>{html.escape(said[0].upper() + said[1:])}.</p><p>{html.escape(caption)}</p>"
    )


def _panel(
    places: Array,
    heights: Array,
    point: tuple[float, float],
    style: Mapping[str, Any],
    top: int,
    height: int,
) -> str:
    low, high = min(0.0, heights.min()), max(0.0, heights.max())
    margin = CURVE_AIR * (high - low) or 1.0
    low, high = low - margin, high + margin

    def down(y: Any) -> Any:
        return top + (high - y) / (high - low) * height

    grid = "".join(
        f'<path d="M{LEFT} {down(tick):.1f}H{WIDTH - RIGHT}" stroke="{_line(tick)}"/>'
        f'<text x="{LEFT - 6}" y="{down(tick) + 4:.1f}" text-anchor="end">{_written(tick)}</text>'
        for tick in ticks(low, high, height / 40)
    )
    grid += "".join(
        f'<path d="M{_across(places, tick):.1f} {top}V{top + height}" stroke="{_line(tick)}"/>'
        for tick in ticks(places[0], places[-1], 12)
    )
    moves = np.abs(np.diff(heights, prepend=heights[0])) > JUMP * (high - low)
    across = _across(places, places)
    steps = [
        f"{'M' if move or not n else 'L'}{a:.1f} {d:.1f}"
        for n, (a, d, move) in enumerate(zip(across, down(heights), moves, strict=True))
    ]
    colour = style["colour"]["light"]
    return (
        f'{grid}<path d="{"".join(steps)}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        f'<circle cx="{_across(places, point[0]):.1f}" cy="{down(point[1]):.1f}" r="6" '
        f'fill="{colour}"/>'
        f'<text x="{LEFT}" y="{top - 10}" fill="{colour}" font-size="16">'
        f"{html.escape(style['plain'])}</text>"
    )


def ticks(low: float, high: float, most: float) -> list[float]:
    """Round numbers from low to high, about as many as `most`."""
    rough = (high - low) / max(most, 1)
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * times for times in ROUND_STEPS if power * times >= rough * (1 - 1e-9))
    return [float(n * step) for n in range(int(np.ceil(low / step)), int(high // step) + 1)]


def _across(places: Array, x: Any) -> Any:
    share = (x - places[0]) / (places[-1] - places[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _line(tick: float) -> str:
    return "#8c959f" if tick == 0 else "#e3e5e8"


def _written(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")
