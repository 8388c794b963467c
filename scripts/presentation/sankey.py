"""Places for a Sankey diagram: nodes in columns, and bands between them as thick as the number of things that go there.

In: the columns with the keys of their nodes from top to bottom, and flows between nodes of different columns. Out: a `Layout`
whose nodes and bands have places in its own units, to be drawn as SVG by a template.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GAP = 7.0  # between two nodes of a column, at least
NECK = 1.5  # how thick a band is beside the label of the node that it leaves
LINE = 19.0  # what a node and its gap need, so that its label has room


@dataclass(frozen=True)
class Flow:
    """What goes from one node to another in one state: `ids` are the things that go, one unit of thickness each."""

    left: str
    right: str
    state: str
    ids: tuple[str, ...]


@dataclass
class Node:
    """A node with its place: `y` is its upper edge."""

    key: str
    column: int
    x: float
    y: float
    height: float
    coming: int = 0
    going: int = 0

    @property
    def middle(self) -> float:
        """Return the height of its label."""
        return round(self.y + self.height / 2, 1)


@dataclass(frozen=True)
class Band:
    """A flow with the outline of its band as an SVG path."""

    flow: Flow
    path: str


@dataclass(frozen=True)
class Layout:
    """All places, and how high the whole is."""

    nodes: list[Node]
    bands: list[Band]
    height: float
    bar: float


def lay_out(
    columns: Sequence[Sequence[str]],
    flows: Sequence[Flow],
    places: Sequence[float],
    scale: float,
    bar: float = 9.0,
    labels: Mapping[str, tuple[float, float]] | None = None,
) -> Layout:
    """Return the places of nodes and bands; `places` are the left edges of the columns, `scale` the thickness of one unit.

    Flows whose nodes stand in no column are an error. Bands leave and reach a node in the order of the nodes at their other ends.
    `labels`: of nodes whose label stands where bands leave them, where it ends and where the labels of its column all have ended; the
    bands come out of the label as a line and widen after it, so that they cross no label.
    """
    nodes = {key: Node(key, number, places[number], 0.0, 0.0) for number, keys in enumerate(columns) for key in keys}
    order = {key: (number, row) for number, keys in enumerate(columns) for row, key in enumerate(keys)}
    for flow in flows:
        nodes[flow.left].going += len(flow.ids)
        nodes[flow.right].coming += len(flow.ids)
    height = 0.0
    for keys in columns:
        y = 0.0
        for key in keys:
            node = nodes[key]
            node.height = round(max(node.coming, node.going) * scale, 1)
            shift = max(0.0, LINE - GAP - node.height) / 2  # a thin node stands in the middle of the room for its label
            node.y = round(y + shift, 1)
            y += node.height + 2 * shift + GAP
        height = max(height, y - GAP)
    _centre(columns, nodes, flows, height)
    leaving: dict[str, float] = defaultdict(float)
    reaching: dict[str, float] = defaultdict(float)
    labels = labels or {}
    starts, ends = {}, {}
    for flow in sorted(flows, key=lambda f: (order[f.left], order[f.right])):
        node = nodes[flow.left]
        starts[flow] = leaving[flow.left] + (node.middle - node.going * scale / 2 if flow.left in labels else node.y)
        leaving[flow.left] += len(flow.ids) * scale
    for flow in sorted(flows, key=lambda f: (order[f.right], order[f.left])):
        ends[flow] = nodes[flow.right].y + reaching[flow.right]
        reaching[flow.right] += len(flow.ids) * scale
    bands = [
        Band(flow, _outline(_leave(nodes[flow.left], bar, labels), starts[flow], nodes[flow.right].x, ends[flow], len(flow.ids) * scale))
        for flow in flows
    ]
    return Layout(list(nodes.values()), bands, round(height, 1), bar)


def _centre(columns: Sequence[Sequence[str]], nodes: dict[str, Node], flows: Sequence[Flow], height: float) -> None:
    """Move a column of a single node to the middle of what it takes from."""
    for keys in columns[1:]:
        if len(keys) == 1 and (from_it := [nodes[flow.left].middle for flow in flows if flow.right == keys[0]]):
            node = nodes[keys[0]]
            node.y = round(min(max(0.0, sum(from_it) / len(from_it) - node.height / 2), height - node.height), 1)


def _leave(node: Node, bar: float, labels: Mapping[str, tuple[float, float]]) -> tuple[float, float, float]:
    """Return where the bands of a node begin as a line, at which height that is, and where they have their thickness."""
    if node.key in labels:
        begin, after = labels[node.key]
        return begin, node.middle, after
    return node.x + bar, node.middle, node.x + bar


def _outline(leave: tuple[float, float, float], y0: float, x1: float, y1: float, thickness: float) -> str:
    """Return a band that leaves and arrives level; it begins as a line where there is a label to pass."""
    begin, level, x0 = leave
    middle = (x0 + x1) / 2
    neck = (f"M{begin:.1f},{level - NECK / 2:.1f}H{x0:.1f}V{y0:.1f}", f"V{level + NECK / 2:.1f}H{begin:.1f}Z")
    first, last = neck if begin < x0 else (f"M{x0:g},{y0:.1f}", "Z")
    return (
        f"{first}C{middle:g},{y0:.1f} {middle:g},{y1:.1f} {x1:g},{y1:.1f}v{thickness:.1f}"
        f"C{middle:g},{y1 + thickness:.1f} {middle:g},{y0 + thickness:.1f} {x0:g},{y0 + thickness:.1f}{last}"
    )
