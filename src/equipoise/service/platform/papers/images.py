"""A picture drawn anew: nothing of the old file stays but what is seen of it."""

from __future__ import annotations

import warnings
from io import BytesIO

import pi_heif
from PIL import Image, ImageOps

from equipoise.service.platform.papers.refusals import NotTaken, Why

MOST_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_QUALITY = 90


def cleaned_image(raw: bytes) -> tuple[bytes, int]:
    """The picture as JPEG, upright, without metadata: one page. Raises NotTaken, and
    whatever a broken one makes its reader raise."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    pi_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=_FORMATS) as picture:
                return _drawn(picture), 1
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotTaken(Why.TOO_MANY_PIXELS) from None


def _drawn(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    plain = _on_white(upright) if upright.has_transparency_data else upright.convert("RGB")
    plain.info = {}  # comments and profiles would be written again
    out = BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=False)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    layers = picture.convert("RGBA")
    paper = Image.new("RGB", layers.size, "white")
    paper.paste(layers, mask=layers.getchannel("A"))
    return paper
