"""Pictures of messages, for whoever has their address: mail programs ask without a cookie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from safar.accounts.models import Workspace
from safar.content.media import TYPES
from safar.content.models import Media

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",  # the name is that of the content
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media(request: HttpRequest, workspace: str, digest: str, extension: str) -> HttpResponse:
    """``/m/<workspace>/<hash>.<extension>``."""
    if extension not in TYPES:
        raise Http404
    of = Workspace.objects.filter(slug=workspace).values("id")
    tag = f'"{digest}"'
    found = Media.objects.filter(workspace_id__in=of, hash=digest, extension=extension)
    if request.headers.get("If-None-Match") == tag and found.exists():
        return HttpResponseNotModified(headers={**HEADERS, "ETag": tag})
    content = found.values_list("content", flat=True).first()
    if content is None:
        raise Http404
    return HttpResponse(bytes(content), content_type=TYPES[extension], headers={**HEADERS, "ETag": tag})
