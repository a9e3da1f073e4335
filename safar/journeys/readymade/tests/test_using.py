"""Taking a journey from the shelf: what comes along, what stays untouched, and that it can be published as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.content.models import Template
from safar.content.written import as_written
from safar.journeys.models import DRAFT, LIVE, Journey
from safar.journeys.readymade.shelf import KEYS, SITE, read_templates
from safar.journeys.readymade.using import known_site, use_ready_made
from safar.journeys.services import publish
from safar.lib.faults import Refused
from safar.postgres.connections import connect
from safar.segments.models import Segment
from safar.segments.services import apply_segments


@pytest.fixture(params=["fa", "en"])
def workspace(request: pytest.FixtureRequest, own_database_url: str) -> Workspace:
    zone = {"fa": "Asia/Tehran", "en": "Europe/London"}[request.param]
    return create_workspace(slug="shop", name="Shop", zone=zone, language=request.param)


def draft(workspace: Workspace, key: str) -> Any:
    return json.loads(Journey.objects.get(workspace=workspace, key=key).draft)


def test_all_of_them_can_be_used_and_published(workspace: Workspace, own_database_url: str) -> None:
    with connect(own_database_url, application_name="safar tests") as connection:
        connection.autocommit = True
        for key in KEYS:
            used = use_ready_made(workspace, key)
            assert (used.journey, used.made) == (key, True)
            assert Journey.objects.get(workspace=workspace, key=key).state == DRAFT
            publish(workspace, key, connection=connection)
            assert Journey.objects.get(workspace=workspace, key=key).state == LIVE
    for template in Template.objects.filter(workspace_id=workspace.pk):
        assert list(template.languages) == [workspace.language]


def test_using_it_again_changes_nothing(workspace: Workspace) -> None:
    first, again = use_ready_made(workspace, "vip"), use_ready_made(workspace, "vip")
    assert (first.made, again.made) == (True, False)
    assert first.journey == again.journey == "vip"
    assert Journey.objects.count() == Segment.objects.count() == 1


def test_what_was_changed_is_not_overwritten(workspace: Workspace) -> None:
    apply_segments(workspace, {"engaged": {"tag": "mine"}})
    use_ready_made(workspace, "win-back")
    Template.objects.filter(key="back-miss").update(title="Mine", languages={"en": {"text": "mine"}})
    kept = draft(workspace, "win-back") | {"title": "Mine"}
    Journey.objects.filter(key="win-back").update(draft=json.dumps(kept))
    again = use_ready_made(workspace, "win-back")
    assert (again.journey, again.made) == ("win-back-2", True)
    assert again.templates["back-miss"] == "back-miss-2"
    assert again.templates["back-sms"] == "back-sms"
    assert draft(workspace, "win-back") == kept
    assert Template.objects.get(key="back-miss").title == "Mine"
    assert draft(workspace, "win-back-2")["points"]["miss"]["template"] == "back-miss-2"

    used = use_ready_made(workspace, "organise")
    assert used.segments["engaged"] == "engaged-2"
    assert json.loads(Segment.objects.get(key="engaged").condition) == {"tag": "mine"}
    made = draft(workspace, "organise")
    assert made["start"]["engaged"]["segment"] == "engaged-2"
    assert made["points"]["engaged_still"]["condition"] == {"segment": "engaged-2"}


def test_a_renamed_segment_is_renamed_where_the_entry_is_asked(workspace: Workspace) -> None:
    apply_segments(workspace, {"interest-home": {"tag": "mine"}})
    use_ready_made(workspace, "organise")
    assert draft(workspace, "organise")["points"]["which"]["branches"]["home"] == {
        "entry": "segment",
        "is": "interest-home-2",
    }


def test_both_languages_and_the_shops_address(workspace: Workspace) -> None:
    use_ready_made(workspace, "welcome", languages=("fa", "en"), site="fenjan.example")
    template = Template.objects.get(key="welcome-hello")
    assert set(template.languages) == {"fa", "en"}
    assert "https://fenjan.example/hello" in template.languages["fa"]["html"]
    assert (
        as_written(template)["languages"]
        == read_templates("welcome", ("fa", "en"), "fenjan.example")["welcome-hello"]["languages"]
    )


def test_nothing_is_left_of_what_is_not_there(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="there is no ready-made journey 'nowhere'"):
        use_ready_made(workspace, "nowhere")
    assert Template.objects.count() == 0


def test_the_shop_s_address_is_that_of_its_products(workspace: Workspace, own_database_url: str) -> None:
    assert known_site(workspace) == SITE
    with connect(own_database_url, application_name="safar tests") as connection:
        connection.autocommit = True
        for number, url in enumerate(["https://Fenjan.ir/mug?id=1", "javascript:alert(1)", "https://[x", "mug", None]):
            connection.execute("DELETE FROM product WHERE workspace_id = %s", (workspace.pk,))
            connection.execute(
                "INSERT INTO product (workspace_id, id, name, url, seen_at) VALUES (%s, '1', 'Mug', %s, now())",
                (workspace.pk, url),
            )
            assert known_site(workspace) == (SITE if number else "fenjan.ir")
