"""The pictures of a workspace's messages: seen, brought, deleted where nothing shows them; and the same for the editor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as flash
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from safar.channels.settings import Sending
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.faults import say
from safar.console.messages.common import refused, who
from safar.console.messages.trying import sending
from safar.content.media import LARGEST, delete_media, store_image, used_media
from safar.content.models import Media
from safar.lib.faults import Fault, Refused

ROWS = 48


@require_http_methods(["GET", "HEAD", "POST"])
@needs("viewer", write="editor")
def media_library(request: ConsoleRequest) -> HttpResponse:
    """``messages/media/?page=…``. POST ``file``: one or several pictures."""
    if request.method == "POST":
        for file in request.FILES.getlist("file"):
            try:
                _store(request, file)
            except Refused as fault:
                flash.error(request, " ".join(say(one.message) for one in fault.faults))
        return go(request, to(request, "media_library"))
    page = Paginator(_newest(request), ROWS).get_page(request.GET.get("page"))
    used = used_media(request.workspace, [one.hash for one in page])
    lines = [{"media": one, "address": _path(request, one), "used": one.hash in used} for one in page]
    return render(request, "console/messages/media.html", {"lines": lines, "page": page})


@require_http_methods(["GET", "POST"])
@needs("viewer", write="editor")
def media_json(request: ConsoleRequest) -> HttpResponse:
    """GET: {media: [{address, src, name}]}, the newest; address: on this page, src: in a message. POST ``file``: the one made of it."""
    if request.method == "GET":
        return JsonResponse({"media": [_told(request, one) for one in _newest(request)[:ROWS]]})
    file = request.FILES.get("file")
    if file is None:
        return refused([Fault("file", _("This is no picture that can be read: bring PNG, JPEG, GIF or WebP."))])
    try:
        return JsonResponse(_told(request, _store(request, file)))
    except Refused as fault:
        return refused(fault.faults)


@require_POST
@needs("editor")
def delete_picture(request: ConsoleRequest, digest: str) -> HttpResponse:
    """What a template shows stays."""
    try:
        if not delete_media(request.workspace, digest, by=who(request)):
            raise Http404
        flash.success(request, _("The picture is deleted."))
    except Refused as fault:
        flash.error(request, " ".join(say(one.message) for one in fault.faults))
    return go(request, to(request, "media_library"))


def _newest(request: ConsoleRequest) -> Any:
    return Media.objects.filter(workspace_id=request.workspace.pk).defer("content").order_by("-id")


def _store(request: ConsoleRequest, file: UploadedFile[Any]) -> Media:
    if (file.size or 0) > LARGEST:
        raise Refused([Fault("file", _("The file is too large."))])
    return store_image(request.workspace, file.read(), name=file.name or "", by=who(request))


def _path(request: ConsoleRequest, one: Media) -> str:
    return reverse("media", args=(request.workspace.slug, one.hash, one.extension))


def _told(request: ConsoleRequest, one: Media) -> dict[str, str]:
    known: Sending = sending()
    path = _path(request, one)
    return {"address": path, "src": f"{known.public_url}{path}", "name": one.name}
