"""Pictures for messages: every one is decoded and encoded anew, so that nothing but its points is left of what was brought."""

from __future__ import annotations

import hashlib
import io
import warnings

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from PIL import Image, ImageOps, UnidentifiedImageError

from safar.accounts.models import Workspace
from safar.accounts.services import record
from safar.content.models import Media, Template
from safar.lib.faults import Fault, Refused, said

LARGEST = 5 * 1024 * 1024  # bytes of a file that is brought
MOST_POINTS = 16_000_000  # of all frames together: 64 MB once decoded
MOST_FRAMES = 60
WIDEST = 1200  # pixels; a message is 600 wide, and screens have two points for one
MOST_OF_A_WORKSPACE = 2_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}


@transaction.atomic
def store_image(workspace: Workspace, content: bytes, *, name: str, by: str) -> Media:
    """The picture as it is kept; the same one twice is kept once. Raises Refused (place ``file``)."""
    extension, encoded, (width, height) = encode(content)
    digest = hashlib.sha256(encoded).hexdigest()[:32]
    found = Media.objects.filter(workspace_id=workspace.pk, hash=digest).first()
    if found is not None:
        return found
    if Media.objects.filter(workspace_id=workspace.pk).count() >= MOST_OF_A_WORKSPACE:
        raise Refused([Fault("file", said("there are too many pictures already"))])
    made = Media.objects.create(
        workspace_id=workspace.pk,
        hash=digest,
        extension=extension,
        content=encoded,
        width=width,
        height=height,
        size=len(encoded),
        name="".join(letter for letter in name if letter.isprintable())[:200],
    )
    record(workspace, by, "store_media", f"media:{made}", {"size": made.size})
    return made


@transaction.atomic
def delete_media(workspace: Workspace, digest: str, *, by: str) -> bool:
    """False where there is none. Raises Refused while a template shows it; messages that are out lose it."""
    found = Media.objects.filter(workspace_id=workspace.pk, hash=digest).defer("content").first()
    if found is None:
        return False
    if digest in used_media(workspace, [digest]):
        raise Refused([Fault("media", said("a message shows it"))])
    Media.objects.filter(pk=found.pk).delete()
    record(workspace, by, "delete_media", f"media:{found}")
    return True


def used_media(workspace: Workspace, digests: list[str]) -> set[str]:
    """Those that stand in some template."""
    texts = Template.objects.filter(workspace_id=workspace.pk).values_list(
        Cast("languages", TextField()), Cast("document", TextField())
    )
    whole = "\n".join(part for row in texts for part in row)
    return {digest for digest in digests if digest in whole}


def encode(content: bytes) -> tuple[str, bytes, tuple[int, int]]:
    """(extension, content, (width, height)): PNG where it has see-through parts, else JPEG; moving GIFs stay. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused([Fault("file", said("the file is too large"))])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                frames = getattr(image, "n_frames", 1) if image.format == "GIF" else 1
                if image.width * image.height * frames > MOST_POINTS or frames > MOST_FRAMES:
                    raise Refused([Fault("file", said("the picture has too many points"))])
                return _moving(image) if frames > 1 else _still(image)
    except Refused:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ):
        # what Pillow raises for files that are none, cut off, or hostile
        raise Refused([Fault("file", said("this is no picture that can be read"))]) from None


def _still(image: Image.Image) -> tuple[str, bytes, tuple[int, int]]:
    turned = ImageOps.exif_transpose(image)
    clear = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    drawn = turned.convert("RGBA" if clear else "RGB")
    drawn.thumbnail((WIDEST, WIDEST * 4))
    bare = Image.new(drawn.mode, drawn.size)  # a new one: profiles, comments and places stay behind
    bare.paste(drawn)
    made = io.BytesIO()
    if clear or image.format in ("PNG", "GIF"):
        bare.save(made, "PNG", optimize=True)
        return "png", made.getvalue(), bare.size
    bare.save(made, "JPEG", quality=85, optimize=True, progressive=True)
    return "jpg", made.getvalue(), bare.size


def _moving(image: Image.Image) -> tuple[str, bytes, tuple[int, int]]:
    frames, spans = [], []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frame = image.convert("RGBA")
        frame.thumbnail((WIDEST, WIDEST * 4))
        frames.append(frame)
        spans.append(max(int(image.info.get("duration") or 100), 20))
    made = io.BytesIO()
    frames[0].info.clear()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=spans, loop=0, disposal=2)
    return "gif", made.getvalue(), frames[0].size
