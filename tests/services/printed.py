"""Pictures with text in them, as printers, cameras and scanners make them."""

import random
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from domain.pictures import Picture

ENGLISH = ("The meeting starts at ten in the morning.", "Please bring the printed budget with you.")
RUSSIAN = ("Завтра в десять часов утра у двери.", "Не забудь купить молоко и хлеб по дороге.")
UKRAINIAN = ("Сьогодні в Києві сонячно та тепло.", "Підемо гуляти в парк на вихідних.")
LETTER = (*ENGLISH, *RUSSIAN, *UKRAINIAN)

TABLE = (("Item", "Price", "Count"), ("Milk", "42.50", "12"), ("Bread", "31.00", "15"))


def printed(lines: Sequence[str], size: int = 24) -> Image.Image:
    """Black on white, with margins of a letter; `size` is that of the letters, in pixels."""
    font, height = ImageFont.truetype("DejaVuSans.ttf", size), int(size * 1.6)
    width = int(max((font.getlength(line) for line in lines), default=300))
    page = Image.new("L", (width + 2 * size, height * len(lines) + 2 * size), "white")
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((size, size + number * height), line, font=font, fill="black")
    return page


def ruled(rows: Sequence[Sequence[str]]) -> Image.Image:
    """A table with lines around its cells."""
    font = ImageFont.truetype("DejaVuSans.ttf", 24)
    wide, high = 230 * len(rows[0]), 60 * len(rows)
    page = Image.new("L", (wide + 20, high + 20), "white")
    pen = ImageDraw.Draw(page)
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            box = (10 + 230 * across, 10 + 60 * down, 240 + 230 * across, 70 + 60 * down)
            pen.rectangle(box, outline="black", width=2)
            pen.text((box[0] + 20, box[1] + 16), cell, font=font, fill="black")
    return page


def photographed(page: Image.Image, angle: float) -> Image.Image:
    """On a dark table, askew, seen from the side, in uneven light, with grain and blur."""
    table = Image.new("L", (page.width + 200, page.height + 300), 90)
    table.paste(page, (100, 150))
    table = table.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=90)
    wide, high = table.size
    corners = (-20, 10, 15, high - 5, wide + 30, high + 20, wide - 10, -15)
    table = table.transform(
        table.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=90
    )
    light = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(table.size)
    table = ImageChops.multiply(table, light.point([120 + shade // 2 for shade in range(256)]))
    grain = Image.frombytes("L", table.size, random.Random(1).randbytes(table.width * table.height))
    grain = grain.point([96 + shade // 4 for shade in range(256)])
    table = ImageChops.add(table, grain, 1, -128)
    return table.filter(ImageFilter.GaussianBlur(0.7))


def scenery(seed: int) -> Image.Image:
    """Colours, edges and strokes, and nothing that is written."""
    chance = random.Random(seed)
    scene = Image.new("RGB", (1280, 900), (90, 140, 90))
    pen = ImageDraw.Draw(scene)
    for _ in range(400):
        left, top = chance.randrange(1280), chance.randrange(900)
        box = (left, top, left + chance.randrange(3, 90), top + chance.randrange(2, 90))
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        chance.choice((pen.ellipse, pen.rectangle, pen.line))(box, colour)
    return scene.filter(ImageFilter.GaussianBlur(2))


def filed(picture: Image.Image, folder: Path, name: str = "page") -> Picture:
    """As it reaches a backend."""
    path = folder / f"{name}.jpg"
    picture.convert("RGB").save(path, quality=88)
    return Picture(path, "image/jpeg", *picture.size)
