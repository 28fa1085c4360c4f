"""Whether a colour was painted: the sign of a page that nobody may see."""

from io import BytesIO
from typing import Final

from PIL import Image

MARKER: Final = (255, 0, 255)  # of pages and parts for adults
FINE: Final = (0, 160, 80)  # of pages and parts for everybody
_NEAR: Final = 40
_FEW: Final = 20  # pixels


def shows(png: bytes, colour: tuple[int, int, int] = MARKER) -> bool:
    """Whether more than a few pixels have nearly that colour."""
    image = Image.open(BytesIO(png)).convert("RGB")
    found = 0
    for count, pixel in image.getcolors(image.width * image.height) or []:
        if all(abs(one - other) <= _NEAR for one, other in zip(pixel, colour, strict=True)):  # type: ignore[arg-type]
            found += count
    return found > _FEW
