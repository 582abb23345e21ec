"""Draw the pictures of the example market: `python tools/draw_media.py` writes content/media/.

They are drawn by hand, in code: flat shapes in the market's own colours, on a shop's counter. A
merchant's picture stands under the merchant's id, a product's under what it is.
"""

from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

SPRUCE, DEEP, MOSS = "#1b4435", "#12332a", "#5d7f5f"
BUTTER, CREAM, PAPER = "#f3cc62", "#f1e1b8", "#fbf6e6"
BRICK, RUST, ROSE = "#b03a25", "#8a2c1c", "#e08b6d"
CRUST, TOAST, CRUMB = "#c47f3a", "#9a5a26", "#e9b872"
SLATE, STEEL, SNOW = "#33423f", "#7d918c", "#dfe7e2"
BERRY, PLUM, SKY = "#8c2f4a", "#4c3357", "#a9c9c4"
WIDTH, HEIGHT, FINE = 1280, 960, 2
SHADES = 56
"""Colours that are left in a file: a flat drawing needs no more, and weighs a tenth."""

Box = tuple[float, float, float, float]
Point = tuple[float, float]


class Scene:
    """A counter with a wall behind it, and a pen that draws on it."""

    def __init__(
        self, wall: str, table: str, width: int = WIDTH, height: int = HEIGHT, horizon: float = 0.72
    ) -> None:
        self.image = Image.new("RGB", (width * FINE, height * FINE), wall)
        self.pen = ImageDraw.Draw(self.image)
        self.width, self.height = width, height
        self.base = height * horizon
        self.round = False
        if horizon < 1:
            self.box((0, self.base, width, height), table)

    def box(self, at: Box, colour: str, radius: float = 0) -> None:
        """Draw a rectangle, its corners rounded or not."""
        self.pen.rounded_rectangle([x * FINE for x in at], radius * FINE, fill=colour)

    def oval(self, at: Box, colour: str) -> None:
        """Draw an ellipse."""
        self.pen.ellipse([x * FINE for x in at], fill=colour)

    def disc(self, x: float, y: float, r: float, colour: str) -> None:
        """Draw a circle round a point."""
        self.oval((x - r, y - r, x + r, y + r), colour)

    def shape(self, points: list[Point], colour: str) -> None:
        """Draw a polygon."""
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def arc(self, at: Box, start: float, end: float, colour: str, width: float) -> None:
        """Draw a part of an ellipse's line."""
        box = [x * FINE for x in at]
        self.pen.arc(box, start, end, fill=colour, width=round(width * FINE))

    def pie(self, at: Box, start: float, end: float, colour: str) -> None:
        """Draw a slice of an ellipse."""
        self.pen.pieslice([x * FINE for x in at], start, end, fill=colour)

    def line(self, points: list[Point], colour: str, width: float) -> None:
        """Draw a line with round ends."""
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self.pen.line(scaled, fill=colour, width=round(width * FINE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def shadow(self, x: float, y: float, reach: float, colour: str) -> None:
        """Let something stand: a flat shadow under it."""
        self.oval((x - reach, y - reach * 0.07, x + reach, y + reach * 0.09), colour)

    def awning(self, one: str = BRICK, other: str = CREAM, depth: float = 110) -> None:
        """Hang an awning over the scene."""
        step = 80
        for i, x in enumerate(range(0, self.width, step)):
            colour = (one, other)[i % 2]
            self.box((x, 0, x + step, depth), colour)
            self.pie((x, depth - step / 2, x + step, depth + step / 2), 0, 180, colour)

    def save(self, path: Path) -> None:
        """Write the scene, as small as a flat drawing can be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        how = Image.Quantize.MEDIANCUT
        if self.round:
            mask = Image.new("L", self.image.size, 0)
            edge = 8 * FINE
            far = (mask.width - edge, mask.height - edge)
            ImageDraw.Draw(mask).ellipse((edge, edge, *far), fill=255)
            small.putalpha(mask.resize(small.size, Image.Resampling.LANCZOS))
            how = Image.Quantize.FASTOCTREE
        flat = small.quantize(SHADES, how, dither=Image.Dither.NONE)
        flat.save(path, "PNG", optimize=True)


# Things: each stands on y, in the middle of x, at a size of its own


def loaf(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A round loaf with three cuts."""
    s.pie((x - 210 * k, y - 260 * k, x + 210 * k, y + 190 * k), 180, 360, TOAST)
    s.box((x - 210 * k, y - 70 * k, x + 210 * k, y), TOAST, 55 * k)
    s.pie((x - 185 * k, y - 245 * k, x + 185 * k, y + 150 * k), 180, 360, CRUST)
    for i in (-1, 0, 1):
        at = x + i * 100 * k
        s.line([(at - 30 * k, y - 95 * k), (at + 25 * k, y - 190 * k)], CRUMB, 20 * k)
    s.line([(x - 150 * k, y - 40 * k), (x + 150 * k, y - 40 * k)], CRUST, 10 * k)


def baguette(s: Scene, x: float, y: float, k: float = 1, lean: float = 0.25) -> None:
    """A long loaf, leaning."""
    top = (x + 420 * k * lean, y - 520 * k)
    s.line([(x, y - 45 * k), top], TOAST, 92 * k)
    s.line([(x - 6 * k, y - 50 * k), (top[0] - 6 * k, top[1])], CRUST, 68 * k)
    for i in range(1, 5):
        t = i / 5
        px, py = x + (top[0] - x) * t, y - 45 * k + (top[1] - y) * t
        s.line([(px - 26 * k, py + 16 * k), (px + 22 * k, py - 24 * k)], CRUMB, 13 * k)


def cheese(s: Scene, x: float, y: float, k: float = 1, paste: str = BUTTER) -> None:
    """A wheel from which a wedge is cut, and the wedge."""
    s.box((x - 230 * k, y - 170 * k, x + 150 * k, y - 20 * k), CRUST)
    s.oval((x - 230 * k, y - 80 * k, x + 150 * k, y), CRUST)
    s.oval((x - 230 * k, y - 225 * k, x + 150 * k, y - 115 * k), paste)
    s.shape(
        [(x - 40 * k, y - 170 * k), (x + 150 * k, y - 175 * k), (x + 90 * k, y - 118 * k)], CREAM
    )
    s.shape([(x + 70 * k, y - 150 * k), (x + 330 * k, y - 95 * k), (x + 330 * k, y),
             (x + 70 * k, y)], paste)  # fmt: skip
    s.shape(
        [(x + 70 * k, y - 150 * k), (x + 330 * k, y - 95 * k), (x + 200 * k, y - 175 * k)], CREAM
    )
    for dx, dy, r in ((120, 50, 20), (190, 90, 13), (230, 40, 24), (290, 60, 11)):
        s.disc(x + dx * k, y - dy * k, r * k, CRUMB)


def jar(
    s: Scene,
    x: float,
    y: float,
    k: float = 1,
    fill: str = BERRY,
    lid: str = BRICK,
    mark: str = BERRY,
) -> None:
    """A jar with a paper label."""
    s.box((x - 95 * k, y - 250 * k, x + 95 * k, y), fill, 30 * k)
    s.box((x - 75 * k, y - 235 * k, x - 58 * k, y - 30 * k), PAPER, 8 * k)
    s.box((x - 84 * k, y - 300 * k, x + 84 * k, y - 240 * k), lid, 12 * k)
    s.box((x - 84 * k, y - 262 * k, x + 84 * k, y - 252 * k), PAPER)
    s.box((x - 70 * k, y - 165 * k, x + 70 * k, y - 60 * k), PAPER, 6 * k)
    s.disc(x, y - 112 * k, 30 * k, mark)


def bottle(
    s: Scene, x: float, y: float, k: float = 1, glass: str = SPRUCE, label: str = CREAM,
    cap: str = BRICK,
) -> None:  # fmt: skip
    """A bottle with a label."""
    s.box((x - 62 * k, y - 280 * k, x + 62 * k, y), glass, 18 * k)
    s.pie((x - 62 * k, y - 350 * k, x + 62 * k, y - 200 * k), 180, 360, glass)
    s.box((x - 24 * k, y - 440 * k, x + 24 * k, y - 300 * k), glass, 8 * k)
    s.box((x - 28 * k, y - 460 * k, x + 28 * k, y - 405 * k), cap, 8 * k)
    s.box((x - 62 * k, y - 210 * k, x + 62 * k, y - 70 * k), label)
    s.disc(x, y - 140 * k, 32 * k, cap)


def can(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A can of maple syrup."""
    s.box((x - 120 * k, y - 300 * k, x + 120 * k, y), BRICK, 10 * k)
    s.oval((x - 120 * k, y - 325 * k, x + 120 * k, y - 275 * k), STEEL)
    s.oval((x - 100 * k, y - 318 * k, x + 100 * k, y - 282 * k), SNOW)
    s.box((x - 120 * k, y - 225 * k, x + 120 * k, y - 60 * k), CREAM)
    leaf(s, x, y - 142 * k, 68 * k, BRICK)


def leaf(s: Scene, x: float, y: float, r: float, colour: str) -> None:
    """A maple leaf."""
    half = [(0, -1), (0.16, -0.62), (0.4, -0.72), (0.34, -0.3), (0.66, -0.52), (0.72, -0.34),
            (1, -0.3), (0.84, -0.02), (0.94, 0.12), (0.4, 0.5), (0.46, 0.66), (0.06, 0.6),
            (0.06, 1)]  # fmt: skip
    points = [(x + a * r, y + b * r) for a, b in half]
    s.shape([*points, *((2 * x - a, b) for a, b in reversed(points))], colour)


def yarn(s: Scene, x: float, y: float, k: float = 1, wool: str = BRICK, dark: str = RUST) -> None:
    """A ball of wool."""
    r = 120 * k
    s.disc(x, y - r, r, wool)
    for i in range(4):
        reach = r * (0.9 - i * 0.16)
        s.arc((x - reach, y - r - reach, x + reach, y - r + reach), 190 + i * 8, 330, dark, 8 * k)
    for i in range(3):
        reach = r * (0.86 - i * 0.2)
        s.arc((x - reach, y - r - reach, x + reach, y - r + reach), 20 + i * 10, 120, dark, 8 * k)
    s.arc((x - r, y - 1.6 * r, x + 2.1 * r, y + 0.02 * r), 60, 130, wool, 9 * k)


def needles(s: Scene, x: float, y: float, k: float = 1) -> None:
    """Two knitting needles, crossed."""
    for side in (-1, 1):
        s.line([(x - side * 190 * k, y - 40 * k), (x + side * 170 * k, y - 380 * k)], CRUMB, 14 * k)
        s.disc(x + side * 170 * k, y - 380 * k, 18 * k, BRICK)


def tuque(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A knitted tuque with a pompom."""
    s.pie((x - 180 * k, y - 370 * k, x + 180 * k, y + 170 * k), 180, 360, BRICK)
    for i in range(-2, 3):
        s.line([(x + i * 66 * k, y - 110 * k), (x + i * 30 * k, y - 330 * k)], RUST, 14 * k)
    for row in (165, 225):
        s.line([(x - 160 * k, y - row * k), (x + 160 * k, y - row * k)], CREAM, 12 * k)
    s.box((x - 200 * k, y - 120 * k, x + 200 * k, y), CREAM, 34 * k)
    for i in range(-4, 5):
        s.line([(x + i * 42 * k, y - 100 * k), (x + i * 42 * k, y - 20 * k)], CRUMB, 8 * k)
    s.disc(x, y - 385 * k, 66 * k, CREAM)


def chair(s: Scene, x: float, y: float, k: float = 1, wood: str = CRUST) -> None:
    """A ladder-back chair."""
    for side in (-1, 1):
        s.line([(x + side * 105 * k, y - 520 * k), (x + side * 110 * k, y - 8 * k)], wood, 30 * k)
        s.line([(x + side * 150 * k, y - 230 * k), (x + side * 160 * k, y + 30 * k)], TOAST, 30 * k)
    for row in (470, 395, 320):
        s.box((x - 105 * k, y - row * k, x + 105 * k, y - (row - 36) * k), wood, 14 * k)
    s.shape([(x - 120 * k, y - 275 * k), (x + 120 * k, y - 275 * k), (x + 178 * k, y - 215 * k),
             (x - 178 * k, y - 215 * k)], CRUMB)  # fmt: skip
    s.box((x - 178 * k, y - 215 * k, x + 178 * k, y - 180 * k), TOAST, 8 * k)
    s.line([(x - 150 * k, y - 80 * k), (x + 150 * k, y - 80 * k)], TOAST, 20 * k)


def apple(s: Scene, x: float, y: float, k: float = 1, skin: str = BRICK) -> None:
    """An apple with its leaf."""
    s.disc(x - 38 * k, y - 88 * k, 88 * k, skin)
    s.disc(x + 38 * k, y - 88 * k, 88 * k, skin)
    s.oval((x - 85 * k, y - 110 * k, x + 85 * k, y), skin)
    s.oval((x - 92 * k, y - 140 * k, x - 52 * k, y - 70 * k), ROSE)
    s.line([(x, y - 150 * k), (x + 14 * k, y - 215 * k)], TOAST, 12 * k)
    s.oval((x + 14 * k, y - 225 * k, x + 95 * k, y - 180 * k), MOSS)


def crate(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A wooden crate, seen from the front."""
    for i in range(3):
        top = y - (150 - i * 52) * k
        s.box((x - 300 * k, top, x + 300 * k, top + 44 * k), (CRUST, CRUMB)[i % 2], 6 * k)
    for side in (-1, 1):
        s.box(
            (x + side * 270 * k - 22 * k, y - 165 * k, x + side * 270 * k + 22 * k, y), TOAST, 4 * k
        )


def boat(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A fishing boat on the water."""
    s.shape([(x - 300 * k, y - 130 * k), (x + 320 * k, y - 160 * k), (x + 230 * k, y),
             (x - 240 * k, y)], BRICK)  # fmt: skip
    s.shape([(x - 300 * k, y - 130 * k), (x + 320 * k, y - 160 * k), (x + 306 * k, y - 132 * k),
             (x - 292 * k, y - 104 * k)], CREAM)  # fmt: skip
    s.box((x - 150 * k, y - 265 * k, x + 30 * k, y - 132 * k), PAPER, 8 * k)
    s.box((x - 170 * k, y - 290 * k, x + 50 * k, y - 258 * k), SPRUCE, 8 * k)
    for dx in (-125, -55):
        s.box((x + dx * k, y - 235 * k, x + (dx + 50) * k, y - 185 * k), SKY, 6 * k)
    s.line([(x + 120 * k, y - 150 * k), (x + 120 * k, y - 430 * k)], TOAST, 14 * k)
    s.shape(
        [(x + 128 * k, y - 425 * k), (x + 230 * k, y - 385 * k), (x + 128 * k, y - 345 * k)], BUTTER
    )


def waves(s: Scene, y: float, colour: str) -> None:
    """Rows of waves down to the edge."""
    for row in range(4):
        for i in range(-1, 9):
            x = i * 170 + (row % 2) * 85
            s.arc((x, y + row * 62, x + 170, y + row * 62 + 60), 200, 340, colour, 9)


def fish(s: Scene, x: float, y: float, k: float = 1, skin: str = STEEL) -> None:
    """A fish on a board."""
    s.oval((x - 250 * k, y - 170 * k, x + 190 * k, y), skin)
    s.shape([(x + 140 * k, y - 85 * k), (x + 320 * k, y - 180 * k), (x + 280 * k, y - 85 * k),
             (x + 320 * k, y + 10 * k)], SLATE)  # fmt: skip
    s.pie((x - 250 * k, y - 170 * k, x + 190 * k, y), 125, 235, SLATE)
    s.oval((x - 190 * k, y - 60 * k, x + 130 * k, y - 6 * k), SNOW)
    s.disc(x - 190 * k, y - 105 * k, 15 * k, PAPER)
    s.disc(x - 190 * k, y - 105 * k, 7 * k, DEEP)
    for i in range(4):
        at = x - 70 * k + i * 60 * k
        s.arc((at - 40 * k, y - 130 * k, at + 30 * k, y - 50 * k), 270, 90, SLATE, 7 * k)


def cup(s: Scene, x: float, y: float, k: float = 1, clay: str = PAPER, band: str = BRICK) -> None:
    """A steaming cup on its saucer."""
    s.arc((x + 80 * k, y - 190 * k, x + 220 * k, y - 60 * k), 250, 110, clay, 30 * k)
    s.box((x - 140 * k, y - 220 * k, x + 140 * k, y - 90 * k), clay)
    s.pie((x - 140 * k, y - 210 * k, x + 140 * k, y - 14 * k), 0, 180, clay)
    s.box((x - 140 * k, y - 150 * k, x + 140 * k, y - 122 * k), band)
    s.oval((x - 140 * k, y - 245 * k, x + 140 * k, y - 195 * k), CREAM)
    s.oval((x - 122 * k, y - 236 * k, x + 122 * k, y - 203 * k), TOAST)
    s.oval((x - 210 * k, y - 36 * k, x + 210 * k, y + 6 * k), clay)
    for dx in (-45, 35):
        s.arc(
            (x + dx * k - 30 * k, y - 390 * k, x + dx * k + 30 * k, y - 320 * k),
            90,
            270,
            CREAM,
            13 * k,
        )
        s.arc(
            (x + dx * k - 30 * k, y - 333 * k, x + dx * k + 30 * k, y - 263 * k),
            270,
            90,
            CREAM,
            13 * k,
        )


def books(s: Scene, x: float, y: float, k: float = 1) -> None:
    """Books standing, one of them leaning, and two lying."""
    left = x - 250 * k
    for width, tall, colour in (
        (70, 340, BRICK),
        (54, 290, SPRUCE),
        (84, 370, BUTTER),
        (48, 310, PLUM),
    ):
        s.box((left, y - tall * k, left + width * k, y), colour, 6 * k)
        s.box((left, y - (tall - 50) * k, left + width * k, y - (tall - 66) * k), CREAM)
        s.box((left, y - 70 * k, left + width * k, y - 56 * k), CREAM)
        left += (width + 5) * k
    s.shape([(left + 10 * k, y), (left + 72 * k, y), (left + 170 * k, y - 310 * k),
             (left + 112 * k, y - 330 * k)], MOSS)  # fmt: skip
    s.box((left + 100 * k, y - 56 * k, left + 330 * k, y), RUST, 6 * k)
    s.box((left + 110 * k, y - 100 * k, left + 310 * k, y - 58 * k), SLATE, 6 * k)


def pot(s: Scene, x: float, y: float, k: float = 1, clay: str = ROSE, glaze: str = SPRUCE) -> None:
    """A stoneware vase, half glazed."""
    s.oval((x - 140 * k, y - 300 * k, x + 140 * k, y), clay)
    s.box((x - 80 * k, y - 30 * k, x + 80 * k, y), clay, 12 * k)
    s.pie((x - 140 * k, y - 300 * k, x + 140 * k, y), 180, 360, glaze)
    for dx, tall in ((-100, 40), (-40, 70), (25, 48), (85, 66)):
        s.box(
            (x + dx * k - 22 * k, y - 160 * k, x + dx * k + 22 * k, y - 150 * k + tall * k),
            glaze,
            22 * k,
        )
    s.box((x - 62 * k, y - 370 * k, x + 62 * k, y - 270 * k), glaze)
    s.box((x - 84 * k, y - 392 * k, x + 84 * k, y - 360 * k), glaze, 15 * k)


def soap(s: Scene, x: float, y: float, k: float = 1, bar: str = CREAM, herb: str = MOSS) -> None:
    """Bars of soap, stacked across each other."""
    s.box((x - 210 * k, y - 90 * k, x + 130 * k, y), bar, 20 * k)
    s.box((x - 40 * k, y - 90 * k, x + 30 * k, y), PAPER)
    s.box((x - 120 * k, y - 180 * k, x + 210 * k, y - 94 * k), herb, 20 * k)
    s.box((x + 10 * k, y - 180 * k, x + 80 * k, y - 94 * k), PAPER)
    s.box((x - 180 * k, y - 268 * k, x + 140 * k, y - 184 * k), ROSE, 20 * k)
    s.box((x - 55 * k, y - 268 * k, x + 15 * k, y - 184 * k), PAPER)


def sprig(s: Scene, x: float, y: float, k: float = 1, colour: str = MOSS, bloom: str = "") -> None:
    """A sprig, in bloom or not."""
    s.line([(x, y), (x + 20 * k, y - 330 * k)], colour, 9 * k)
    for i in range(6):
        at = y - (80 + i * 44) * k
        for side in (-1, 1):
            near, far = sorted((x + 10 * k, x + 10 * k + side * 62 * k))
            s.oval((near, at - 15 * k, far, at + 13 * k), bloom or colour)


def bagel(s: Scene, x: float, y: float, r: float) -> None:
    """A bagel with sesame."""
    s.disc(x, y, r, TOAST)
    s.disc(x, y - r * 0.05, r * 0.92, CRUST)
    s.disc(x, y, r * 0.32, CREAM)
    for i in range(14):
        turn, reach = i * 2 * pi / 14, r * (0.55 + 0.14 * (i % 3))
        px, py = x + reach * cos(turn), y + reach * sin(turn)
        s.oval((px - r * 0.05, py - r * 0.03, px + r * 0.05, py + r * 0.03), PAPER)


def candle(s: Scene, x: float, y: float, k: float = 1, wax: str = BUTTER) -> None:
    """A lit candle."""
    s.box((x - 60 * k, y - 300 * k, x + 60 * k, y), wax, 12 * k)
    s.oval((x - 60 * k, y - 318 * k, x + 60 * k, y - 282 * k), CREAM)
    s.line([(x, y - 300 * k), (x, y - 340 * k)], DEEP, 8 * k)
    s.oval((x - 26 * k, y - 440 * k, x + 26 * k, y - 335 * k), BRICK)
    s.oval((x - 14 * k, y - 405 * k, x + 14 * k, y - 338 * k), BUTTER)


def record(s: Scene, x: float, y: float, r: float, label: str = BRICK) -> None:
    """A record out of its sleeve."""
    s.disc(x, y, r, DEEP)
    for part in (0.9, 0.78, 0.66, 0.54):
        s.arc((x - r * part, y - r * part, x + r * part, y + r * part), 0, 360, SLATE, 4)
    s.disc(x, y, r * 0.38, label)
    s.disc(x, y, r * 0.06, CREAM)


def wheel(s: Scene, x: float, y: float, r: float) -> None:
    """A bicycle's wheel."""
    s.arc((x - r, y - r, x + r, y + r), 0, 360, DEEP, 24)
    s.arc((x - r + 30, y - r + 30, x + r - 30, y + r - 30), 0, 360, STEEL, 7)
    for i in range(16):
        turn = i * pi / 8
        s.line([(x, y), (x + (r - 32) * cos(turn), y + (r - 32) * sin(turn))], STEEL, 3)
    s.disc(x, y, 22, BRICK)


def bicycle(s: Scene, x: float, y: float) -> None:
    """A town bicycle."""
    back, front, r = x - 270, x + 270, 190
    for at in (back, front):
        wheel(s, at, y - r, r)
    crank, seat, head = (x - 40, y - r), (x - 120, y - 430), (x + 190, y - 430)
    for a, b in ((crank, seat), (crank, head), (seat, head), ((back, y - r), crank),
                 ((back, y - r), seat)):  # fmt: skip
        s.line([a, b], BRICK, 24)
    s.line([(front, y - r), (x + 180, y - 490)], BRICK, 24)
    s.line([(x + 110, y - 520), (x + 200, y - 500), (x + 260, y - 540)], DEEP, 20)
    s.line([seat, (x - 135, y - 480)], STEEL, 16)
    s.box((x - 210, y - 512, x - 70, y - 478), DEEP, 17)
    s.disc(*crank, 40, STEEL)


def canoe(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A bark canoe."""
    s.pie((x - 430 * k, y - 260 * k, x + 430 * k, y), 0, 180, CRUST)
    s.shape(
        [(x - 430 * k, y - 130 * k), (x - 440 * k, y - 220 * k), (x - 330 * k, y - 130 * k)], CRUST
    )
    s.shape(
        [(x + 430 * k, y - 130 * k), (x + 440 * k, y - 220 * k), (x + 330 * k, y - 130 * k)], CRUST
    )
    s.line([(x - 430 * k, y - 135 * k), (x + 430 * k, y - 135 * k)], TOAST, 18 * k)
    for i in range(-3, 4):
        s.line(
            [(x + i * 100 * k, y - 130 * k), (x + i * 86 * k, y - (42 - abs(i) * 6) * k)],
            TOAST,
            6 * k,
        )


def violin(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A violin, standing."""
    s.box((x - 14 * k, y - 600 * k, x + 14 * k, y - 330 * k), DEEP, 8 * k)
    s.disc(x, y - 610 * k, 26 * k, TOAST)
    s.oval((x - 95 * k, y - 400 * k, x + 95 * k, y - 220 * k), BRICK)
    s.oval((x - 125 * k, y - 230 * k, x + 125 * k, y), BRICK)
    s.box((x - 78 * k, y - 285 * k, x + 78 * k, y - 165 * k), BRICK)
    for side in (-1, 1):
        s.disc(x + side * 104 * k, y - 226 * k, 40 * k, CREAM)
        s.line([(x + side * 44 * k, y - 250 * k), (x + side * 56 * k, y - 160 * k)], RUST, 9 * k)
    s.box((x - 11 * k, y - 330 * k, x + 11 * k, y - 215 * k), DEEP)
    s.box((x - 40 * k, y - 175 * k, x + 40 * k, y - 160 * k), CRUMB, 5 * k)
    s.box((x - 16 * k, y - 130 * k, x + 16 * k, y - 20 * k), DEEP, 8 * k)


def sack(s: Scene, x: float, y: float, k: float = 1, mark: str = SPRUCE) -> None:
    """A sack of flour, tied."""
    s.box((x - 150 * k, y - 300 * k, x + 150 * k, y), CREAM, 60 * k)
    s.shape([(x - 90 * k, y - 380 * k), (x + 90 * k, y - 380 * k), (x + 46 * k, y - 290 * k),
             (x - 46 * k, y - 290 * k)], CREAM)  # fmt: skip
    s.box((x - 62 * k, y - 316 * k, x + 62 * k, y - 288 * k), BRICK, 12 * k)
    s.arc((x - 80 * k, y - 220 * k, x + 80 * k, y - 60 * k), 0, 360, mark, 12 * k)
    for i in range(6):
        turn = i * pi / 3
        s.line([(x + 20 * k * cos(turn), y - 140 * k + 20 * k * sin(turn)),
                (x + 62 * k * cos(turn), y - 140 * k + 62 * k * sin(turn))], mark, 11 * k)  # fmt: skip


def bouquet(s: Scene, x: float, y: float, k: float = 1) -> None:
    """Flowers in a jug."""
    for dx, tall, colour in (
        (-120, 470, BRICK),
        (-40, 560, BUTTER),
        (60, 520, ROSE),
        (140, 430, PLUM),
    ):
        s.line([(x, y - 180 * k), (x + dx * k, y - tall * k)], MOSS, 12 * k)
        for i in range(6):
            turn = i * pi / 3
            s.disc(
                x + dx * k + 38 * k * cos(turn), y - tall * k + 38 * k * sin(turn), 30 * k, colour
            )
        s.disc(x + dx * k, y - tall * k, 24 * k, CREAM)
    s.oval((x - 130 * k, y - 320 * k, x - 20 * k, y - 270 * k), MOSS)
    s.oval((x + 30 * k, y - 340 * k, x + 140 * k, y - 285 * k), MOSS)
    s.box((x - 100 * k, y - 240 * k, x + 100 * k, y), PAPER, 36 * k)
    s.box((x - 100 * k, y - 150 * k, x + 100 * k, y - 110 * k), SPRUCE)


def bowl(
    s: Scene, x: float, y: float, k: float = 1, clay: str = PAPER, berries: str = BRICK
) -> None:
    """A bowl heaped with berries."""
    for row, count in ((0, 7), (1, 6), (2, 4)):
        for i in range(count):
            s.disc(x + (i - (count - 1) / 2) * 62 * k, y - (185 + row * 48) * k, 36 * k, berries)
            s.disc(
                x + (i - (count - 1) / 2) * 62 * k - 10 * k, y - (196 + row * 48) * k, 8 * k, ROSE
            )
    s.pie((x - 240 * k, y - 340 * k, x + 240 * k, y - 6 * k), 0, 180, clay)
    s.box((x - 90 * k, y - 26 * k, x + 90 * k, y), clay, 8 * k)
    s.box((x - 240 * k, y - 182 * k, x + 240 * k, y - 160 * k), SPRUCE, 6 * k)


def teapot(s: Scene, x: float, y: float, k: float = 1, clay: str = SPRUCE) -> None:
    """A teapot."""
    s.arc((x - 290 * k, y - 240 * k, x - 110 * k, y - 70 * k), 70, 290, clay, 32 * k)
    s.shape([(x + 130 * k, y - 70 * k), (x + 290 * k, y - 250 * k), (x + 320 * k, y - 235 * k),
             (x + 160 * k, y - 170 * k)], clay)  # fmt: skip
    s.oval((x - 190 * k, y - 280 * k, x + 190 * k, y), clay)
    s.oval((x - 110 * k, y - 300 * k, x + 110 * k, y - 240 * k), MOSS)
    s.disc(x, y - 312 * k, 26 * k, BUTTER)
    sprig(s, x - 20 * k, y - 60 * k, 0.45 * k, BUTTER)


def cone(s: Scene, x: float, y: float, k: float = 1) -> None:
    """An ice cream of two scoops."""
    s.shape([(x - 90 * k, y - 310 * k), (x + 90 * k, y - 310 * k), (x, y)], CRUST)
    for i in range(3):
        s.line([(x - (70 - i * 20) * k, y - (260 - i * 80) * k), (x + (40 - i * 18) * k, y - (300 - i * 30) * k)],
               TOAST, 7 * k)  # fmt: skip
    s.disc(x, y - 460 * k, 92 * k, ROSE)
    s.disc(x, y - 350 * k, 105 * k, CREAM)
    s.box((x - 112 * k, y - 330 * k, x + 112 * k, y - 296 * k), CRUMB, 16 * k)


def chocolate(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A bar of chocolate, half out of its paper."""
    s.box((x - 250 * k, y - 210 * k, x + 250 * k, y), "#5a3420", 12 * k)
    for row in range(2):
        for i in range(5):
            s.box((x + (-238 + i * 97) * k, y - (198 - row * 97) * k, x + (-150 + i * 97) * k,
                   y - (110 - row * 97) * k), "#754a2e", 8 * k)  # fmt: skip
    s.shape([(x - 20 * k, y - 225 * k), (x + 262 * k, y - 225 * k), (x + 262 * k, y + 12 * k),
             (x + 20 * k, y + 12 * k)], BRICK)  # fmt: skip
    s.box((x + 70 * k, y - 150 * k, x + 220 * k, y - 66 * k), CREAM, 6 * k)


def boots(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A pair of boots."""
    for dx, leather in ((-60, TOAST), (70, CRUST)):
        at = x + dx * k
        s.box((at - 90 * k, y - 330 * k, at + 50 * k, y - 30 * k), leather, 20 * k)
        s.box((at - 90 * k, y - 140 * k, at + 190 * k, y - 24 * k), leather, 60 * k)
        s.box((at - 98 * k, y - 34 * k, at + 196 * k, y), DEEP, 10 * k)
        s.box((at - 98 * k, y - 345 * k, at + 58 * k, y - 300 * k), CREAM, 18 * k)
        for i in range(4):
            s.line(
                [(at + 8 * k, y - (250 - i * 36) * k), (at + 58 * k, y - (238 - i * 36) * k)],
                CREAM,
                8 * k,
            )


def carrots(s: Scene, x: float, y: float, k: float = 1) -> None:
    """A bunch of carrots."""
    for i, dx in enumerate((-110, -40, 30, 100)):
        at = x + dx * k
        s.shape([(at - 42 * k, y - 250 * k), (at + 42 * k, y - 250 * k), (at + 8 * k + (i - 1.5) * 26 * k, y)],
                (BRICK, "#d8733a")[i % 2])  # fmt: skip
        for lean in (-40, 0, 40):
            s.line([(at, y - 250 * k), (at + lean * k, y - 420 * k)], MOSS, 16 * k)
    s.box((x - 160 * k, y - 268 * k, x + 150 * k, y - 238 * k), CREAM, 10 * k)


# Pictures


def counter(wall: str, table: str, *things: Callable[[Scene], None], awning: bool = False) -> Scene:
    """Return things on a counter."""
    scene = Scene(wall, table)
    if awning:
        scene.awning()
    for thing in things:
        thing(scene)
    return scene


def sign(ground: str, thing: Callable[[Scene], None], rim: str = CREAM) -> Scene:
    """Return a round sign with one thing on it, as hangs over a door."""
    scene = Scene(rim, rim, 640, 640, 1)
    scene.round = True
    scene.disc(320, 320, 312, rim)
    scene.disc(320, 320, 292, ground)
    thing(scene)
    return scene


def sea(*things: Callable[[Scene], None]) -> Scene:
    """Return a view of the water."""
    scene = Scene("#e9d9a8", "#4d7f7c", horizon=0.62)
    scene.disc(980, 240, 110, BUTTER)
    scene.shape([(0, 596), (240, 470), (520, 560), (700, 596)], MOSS)
    waves(scene, 640, "#6f9d98")
    for thing in things:
        thing(scene)
    return scene


SHADE_ON_WOOD, SHADE_ON_SPRUCE, SHADE_ON_CREAM = "#a86a2f", DEEP, "#dcc891"


def _at(draw: Callable[..., None], x: float, y: float, *rest: object, reach: float = 0,
        shade: str = SHADE_ON_WOOD, **more: object) -> Callable[[Scene], None]:  # fmt: skip
    def put(scene: Scene) -> None:
        if reach:
            scene.shadow(x, y, reach, shade)
        draw(scene, x, y, *rest, **more)

    return put


WOOD = CRUST
PICTURES: dict[str, Callable[[], Scene]] = {
    "boulangerie-du-marche": lambda: counter(
        "#efdcae", WOOD, _at(baguette, 250, 800, 1.0, 0.2), _at(baguette, 360, 800, 1.0, 0.35),
        _at(loaf, 720, 820, 1.15, reach=300), _at(loaf, 1080, 850, 0.7, reach=180), awning=True),
    "boulangerie-la-belle-croute-a-joliette": lambda: counter(
        SPRUCE, CRUMB, _at(loaf, 400, 800, 1.0, reach=260), _at(loaf, 850, 840, 1.2, reach=320)),
    "boulangerie-du-pont-couvert": lambda: counter(
        "#e7c9a0", SPRUCE, _at(loaf, 470, 790, 1.2, reach=310, shade=DEEP),
        _at(cup, 960, 830, 0.9, reach=240, shade=DEEP)),
    "les-bagels-de-quatre-heures": lambda: counter(
        CREAM, WOOD, *(_at(bagel, 330 + i * 310, 700, 165) for i in range(3)),
        *(_at(bagel, 485 + i * 310, 440, 165) for i in range(2))),
    "fromagerie-des-deux-clochers": lambda: counter(
        "#b9cfc0", WOOD, _at(cheese, 600, 820, 1.35, reach=480), awning=True),
    "fromagerie-de-l-argile": lambda: counter(
        RUST, CRUMB, _at(cheese, 480, 800, 1.1, "#efe4c0", reach=380),
        _at(jar, 1020, 820, 0.9, BUTTER, SPRUCE, BRICK, reach=120)),
    "chevrerie-des-monadnocks": lambda: counter(
        "#e9d9a8", MOSS, _at(cheese, 520, 820, 1.2, PAPER, reach=420, shade="#46664a"),
        _at(sprig, 1020, 830, 1.2, SPRUCE)),
    "le-miel-d-epilobe": lambda: counter(
        "#d98f7a", WOOD, _at(jar, 400, 800, 1.25, BUTTER, SPRUCE, BRICK, reach=160),
        _at(jar, 720, 830, 1.5, "#e0a93a", SPRUCE, BRICK, reach=190),
        _at(sprig, 1020, 820, 1.4, MOSS, BERRY), _at(sprig, 1120, 830, 1.1, MOSS, BERRY)),
    "les-sucres-a-hormidas": lambda: counter(
        "#c9ddd3", WOOD, _at(can, 380, 810, 1.2, reach=180), _at(can, 700, 840, 1.35, reach=210),
        _at(bottle, 1010, 830, 1.1, TOAST, CREAM, BRICK, reach=120), awning=True),
    "erabliere-du-rang-croche": lambda: counter(
        SPRUCE, SNOW, _at(leaf, 320, 400, 200, BRICK), _at(leaf, 960, 330, 130, BUTTER),
        _at(can, 720, 840, 1.4, reach=220, shade="#b9c8c1")),
    "filature-du-rang-vert": lambda: counter(
        "#d9e2cf", WOOD, _at(needles, 640, 700, 1.2), _at(yarn, 380, 800, 1.3, BRICK, RUST, reach=190),
        _at(yarn, 690, 830, 1.5, BUTTER, "#c99d35", reach=220),
        _at(yarn, 1000, 810, 1.2, SPRUCE, DEEP, reach=180)),
    "la-tuque-a-germaine": lambda: counter(
        SKY, SNOW, _at(tuque, 450, 790, 1.15, reach=260, shade="#b9c8c1"),
        _at(yarn, 910, 820, 1.3, SPRUCE, DEEP, reach=190, shade="#b9c8c1")),
    "l-etabli-du-bout-du-rang": lambda: counter(
        "#e3c690", SPRUCE, _at(chair, 420, 850, 1.15, reach=240, shade=DEEP),
        _at(chair, 900, 870, 1.05, BRICK, reach=220, shade=DEEP)),
    "tournage-du-bois-francs-copeaux": lambda: counter(
        MOSS, CRUMB, _at(bowl, 450, 820, 1.1, CRUST, BUTTER, reach=280),
        _at(pot, 960, 830, 1.1, CRUST, TOAST, reach=180)),
    "cidrerie-du-verger-buissonnier": lambda: counter(
        "#efdcae", WOOD, _at(apple, 330, 690, 1.0), _at(apple, 520, 690, 1.0, BUTTER),
        _at(apple, 700, 690, 1.0), _at(crate, 515, 850, 1.15, reach=370),
        _at(bottle, 1010, 850, 1.15, SPRUCE, CREAM, BRICK, reach=120), awning=True),
    "vergers-du-calvaire-d-en-haut": lambda: counter(
        MOSS, WOOD, _at(apple, 320, 830, 1.25, reach=140), _at(apple, 630, 850, 1.45, BUTTER, reach=160),
        _at(apple, 960, 830, 1.25, reach=140)),
    "le-fumoir-de-l-anse-aux-coques": lambda: sea(_at(boat, 560, 690, 1.15)),
    "fumoir-chez-onesime": lambda: counter(
        "#d9c28a", SPRUCE, _at(fish, 560, 640, 1.2), _at(fish, 690, 850, 1.3, "#b9745a")),
    "au-comptoir-de-la-maree": lambda: counter(
        SKY, SNOW, _at(fish, 600, 630, 1.25, "#b9745a"), _at(fish, 640, 860, 1.35), awning=True),
    "atelier-du-gres-sale": lambda: counter(
        "#d9c9a0", SLATE, _at(pot, 360, 800, 1.15, ROSE, SPRUCE, reach=180, shade=DEEP),
        _at(cup, 700, 840, 0.95, CRUMB, SPRUCE, reach=230, shade=DEEP),
        _at(pot, 1030, 810, 0.85, CRUMB, "#3f6b78", reach=140, shade=DEEP)),
    "poterie-des-mille-tasses": lambda: counter(
        BRICK, CRUMB, _at(cup, 300, 780, 0.85, PAPER, SPRUCE, reach=200),
        _at(cup, 700, 820, 1.0, BUTTER, BRICK, reach=230), _at(cup, 1060, 790, 0.85, SKY, DEEP, reach=200)),
    "brulerie-du-fjord-chicoutimi": lambda: counter(
        SPRUCE, WOOD, _at(cup, 460, 810, 1.25, PAPER, BRICK, reach=300),
        _at(sack, 960, 830, 1.1, TOAST, reach=190)),
    "thes-feuille-morte": lambda: counter(
        "#e2b27a", SPRUCE, _at(teapot, 500, 810, 1.25, BRICK, reach=280, shade=DEEP),
        _at(cup, 980, 840, 0.75, PAPER, MOSS, reach=180, shade=DEEP)),
    "la-cedille-librairie-de-quartier": lambda: counter(
        "#e9d9a8", WOOD, _at(books, 470, 800, 1.15, reach=420), _at(cup, 1060, 840, 0.7, SPRUCE, BUTTER, reach=170)),
    "librairie-le-chaland": lambda: counter(
        SPRUCE, CRUST, _at(books, 640, 820, 1.4, reach=520), awning=True),
    "savonnerie-maree-basse": lambda: counter(
        SKY, CRUMB, _at(soap, 500, 810, 1.35, reach=330), _at(sprig, 990, 820, 1.3, SPRUCE, PLUM)),
    "lavande-et-cie-du-lac": lambda: counter(
        "#ead8c0", MOSS, *(_at(sprig, 250 + i * 110, 830, 1.5 - (i % 2) * 0.25, SPRUCE, "#7a5c93") for i in range(5)),
        _at(soap, 960, 840, 0.95, CREAM, "#b6a0c4", reach=240, shade="#46664a")),
    "les-chandelles-du-sixieme": lambda: counter(
        DEEP, TOAST, _at(candle, 360, 790, 1.0, CREAM, reach=110), _at(candle, 620, 830, 1.3, BUTTER, reach=130),
        _at(candle, 900, 800, 0.8, ROSE, reach=100)),
    "disquaire-face-b": lambda: counter(
        BUTTER, WOOD, _at(record, 780, 470, 290), lambda s: s.box((270, 180, 850, 760), BRICK, 6),
        lambda s: s.disc(560, 470, 180, CREAM), lambda s: s.disc(560, 470, 110, SPRUCE)),
    "clinique-du-bicycle": lambda: counter("#d9e2cf", STEEL, _at(bicycle, 640, 860, reach=470, shade=SLATE)),
    "canots-et-ecorce-du-haut-saint-maurice": lambda: sea(_at(canoe, 600, 790, 1.2)),
    "lutherie-desneiges": lambda: counter(
        CREAM, SPRUCE, _at(violin, 440, 830, 1.15, reach=180, shade=DEEP), _at(violin, 860, 810, 0.95, reach=150, shade=DEEP)),
    "moulin-des-trois-meules": lambda: counter(
        MOSS, WOOD, _at(sack, 380, 800, 1.15, SPRUCE, reach=200), _at(sack, 760, 840, 1.35, BRICK, reach=230),
        _at(loaf, 1090, 850, 0.6, reach=150)),
    "les-fleurs-de-la-ruelle-saint-zotique": lambda: counter(
        "#d98f7a", CREAM, _at(bouquet, 440, 840, 1.15, reach=150, shade=SHADE_ON_CREAM),
        _at(bouquet, 910, 820, 0.95, reach=130, shade=SHADE_ON_CREAM), awning=True),
    "le-champ-rouge-canneberges": lambda: counter(
        "#c9ddd3", WOOD, _at(bowl, 480, 830, 1.3, PAPER, BRICK, reach=330),
        _at(jar, 1010, 840, 1.1, BRICK, SPRUCE, BRICK, reach=140)),
    "glacier-le-bec-gele": lambda: counter(
        SKY, CREAM, _at(cone, 420, 800, 1.15), _at(cone, 840, 830, 1.3)),
    "noir-sur-neige": lambda: counter(
        SNOW, STEEL, _at(chocolate, 620, 800, 1.5, reach=430, shade=SLATE)),
    "bottes-et-bottines-fafard": lambda: counter(
        "#e3c690", MOSS, _at(boots, 600, 830, 1.4, reach=360, shade="#46664a")),
    "les-jardins-du-bout-de-l-ile": lambda: counter(
        "#efdcae", WOOD, _at(carrots, 420, 800, 1.2), _at(apple, 830, 840, 1.0, BRICK, reach=110),
        _at(apple, 1020, 850, 1.0, BUTTER, reach=110), awning=True),
    # signs
    "enseignes/boulangerie-du-marche": lambda: sign(BRICK, _at(loaf, 320, 420, 0.85)),
    "enseignes/fromagerie-des-deux-clochers": lambda: sign(SPRUCE, _at(cheese, 285, 410, 0.72)),
    "enseignes/filature-du-rang-vert": lambda: sign(BUTTER, _at(yarn, 320, 450, 1.05, BRICK, RUST), SPRUCE),
    "enseignes/les-sucres-a-hormidas": lambda: sign(CREAM, _at(leaf, 320, 320, 190, BRICK), BRICK),
    "enseignes/la-cedille-librairie-de-quartier": lambda: sign(SPRUCE, _at(books, 295, 430, 0.72), BUTTER),
    "enseignes/brulerie-du-fjord-chicoutimi": lambda: sign(BRICK, _at(cup, 305, 470, 0.9)),
    "enseignes/clinique-du-bicycle": lambda: sign(BUTTER, _at(wheel, 320, 320, 210), SPRUCE),
    "enseignes/la-tuque-a-germaine": lambda: sign(SKY, _at(tuque, 320, 475, 0.85), BRICK),
    # products
    "produits/miche": lambda: counter("#efdcae", WOOD, _at(loaf, 640, 800, 1.6, reach=420)),
    "produits/fromage": lambda: counter(MOSS, CRUMB, _at(cheese, 590, 810, 1.5, reach=520)),
    "produits/tuque": lambda: counter("#c9ddd3", SNOW, _at(tuque, 640, 820, 1.5, reach=330, shade="#b9c8c1")),
    "produits/sirop": lambda: counter("#e7c9a0", SPRUCE, _at(bottle, 640, 850, 1.75, TOAST, CREAM, BRICK, reach=190, shade=DEEP)),
    "produits/miel": lambda: counter(SPRUCE, CRUMB, _at(jar, 640, 840, 2.0, BUTTER, BRICK, BRICK, reach=260)),
    "produits/farine": lambda: counter(BRICK, CRUMB, _at(sack, 640, 840, 1.7, SPRUCE, reach=290)),
    "produits/tasse": lambda: counter(SKY, WOOD, _at(cup, 620, 820, 1.6, PAPER, SPRUCE, reach=380)),
    "produits/savon": lambda: counter("#d9e2cf", SPRUCE, _at(soap, 640, 820, 1.7, reach=400, shade=DEEP)),
    "produits/chandelle": lambda: counter(PLUM, TOAST, _at(candle, 640, 830, 1.6, BUTTER, reach=160)),
    "produits/chocolat": lambda: counter(CREAM, BRICK, _at(chocolate, 640, 810, 1.6, reach=460, shade=RUST)),
    "produits/cidre": lambda: counter("#d9e2cf", WOOD, _at(bottle, 520, 850, 1.6, SPRUCE, CREAM, BRICK, reach=160),
                                      _at(apple, 880, 850, 1.2, reach=140)),
}  # fmt: skip
"""Every picture, by its name under content/media/."""


def main() -> None:
    """Draw them all."""
    folder = Path(__file__).parents[1] / "content" / "media"
    for name, draw in PICTURES.items():
        draw().save(folder / f"{name}.png")


if __name__ == "__main__":
    main()
