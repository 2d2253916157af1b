"""Where a site's button stands: in a corner, at an edge, as a tab, or nowhere. Pure.

`start` and `end` follow the direction of the page: the end is right where people read from left to right.
"""

from __future__ import annotations

USUAL = ("bottom-right", "bottom-left")
"""What the loader itself draws; everything else is drawn by a chunk, which only such sites load."""

POSITIONS = {
    "bottom-right": "Bottom right, on every page",
    "bottom-left": "Bottom left, on every page",
    "bottom-end": "Bottom right, left on pages that are read from right to left",
    "bottom-start": "Bottom left, right on pages that are read from right to left",
    "bottom": "Bottom, in the middle",
    "end": "Right edge, in the middle (left on pages that are read from right to left)",
    "start": "Left edge, in the middle (right on pages that are read from right to left)",
    "top-end": "Top right, left on pages that are read from right to left",
    "top-start": "Top left, right on pages that are read from right to left",
    "top": "Top, in the middle",
    "tab-end": "A tab on the right edge (left on pages that are read from right to left)",
    "tab-start": "A tab on the left edge (right on pages that are read from right to left)",
    "tab-bottom": "A tab on the bottom edge",
    "tab-top": "A tab on the top edge",
    "none": "No button: pages open the survey themselves",
}
