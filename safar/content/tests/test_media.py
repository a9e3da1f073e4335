"""Pictures are encoded anew: nothing of the file is left but what is seen, and what is hostile does not get in."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from safar.accounts.services import create_workspace
from safar.content.media import LARGEST, MOST_FRAMES, WIDEST, delete_media, encode, store_image
from safar.content.models import Media
from safar.content.services import apply_templates
from safar.lib.faults import Refused


def file(image: Image.Image, form: str, **options: object) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **options)
    return made.getvalue()


@pytest.fixture
def shop(database_url: str, unique: str):
    return create_workspace(slug=f"shop-{unique}", name="Mugs")


def test_metadata_and_trailers_stay_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "at Sara's house"
    exif[0x0112] = 6  # lies on its side
    jpeg = file(Image.new("RGB", (40, 20), "red"), "JPEG", exif=exif, comment=b"secret") + b"<script>alert(1)</script>"
    extension, made, size = encode(jpeg)
    assert (extension, size) == ("jpg", (20, 40))
    assert not any(word in made for word in (b"Sara", b"secret", b"script", b"Exif"))
    text = PngImagePlugin.PngInfo()
    text.add_text("note", "<script>")
    extension, made, _ = encode(file(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG", pnginfo=text))
    assert extension == "png"
    assert b"script" not in made


def test_large_ones_become_small_and_moving_ones_move() -> None:
    assert encode(file(Image.new("RGB", (3000, 300)), "PNG"))[2] == (WIDEST, 120)
    assert encode(file(Image.new("RGB", (30, 30)), "WEBP"))[0] == "jpg"
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue", "green")]
    extension, made, _ = encode(file(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert extension == "gif"
    assert Image.open(io.BytesIO(made)).n_frames == 3


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        bomb(50_000, 50_000),
        bomb(4_001, 4_000),
        bomb(100, 100),  # says more than there is
        b"\0" * (LARGEST + 1),
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        encode(content)


def test_too_many_frames() -> None:
    frames = [Image.new("RGB", (4, 4), (n, 0, 0)) for n in range(MOST_FRAMES + 1)]
    with pytest.raises(Refused):
        encode(file(frames[0], "GIF", save_all=True, append_images=frames[1:]))


def test_kept_once_served_for_long_and_deleted_when_nothing_shows_it(shop) -> None:
    from django.test import Client

    client = Client()
    content = file(Image.new("RGB", (20, 20), "teal"), "PNG")
    one = store_image(shop, content, name="cup.png", by="sara")
    assert store_image(shop, content, name="again.png", by="sara").pk == one.pk
    address = f"/m/{shop.slug}/{one}"
    answer = client.get(address, headers={"host": "localhost"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    tag = answer.headers["etag"]
    assert client.get(address, headers={"host": "localhost", "if-none-match": tag}).status_code == 304
    for wrong in (f"/m/elsewhere/{one}", f"/m/{shop.slug}/{one.hash}.html", f"/m/{shop.slug}/{'0' * 32}.png"):
        assert client.get(wrong, headers={"host": "localhost"}).status_code == 404
    shown = {"channel": "email", "languages": {"en": {"subject": "x", "html": f'<img src="https://x{address}">'}}}
    apply_templates(shop, {"hello": shown})
    with pytest.raises(Refused):
        delete_media(shop, one.hash, by="sara")
    apply_templates(shop, {"hello": {**shown, "languages": {"en": {"subject": "x", "html": "x"}}}})
    assert delete_media(shop, one.hash, by="sara")
    assert not Media.objects.filter(workspace_id=shop.pk).exists()
