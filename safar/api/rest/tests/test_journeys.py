"""Journeys over HTTP: as text, published, paused, archived, with figures and people."""

from __future__ import annotations

import psycopg
import pytest

from safar.api.rest.tests.conftest import House, send, tick

WELCOME = """
journey: welcome
title: {en: Welcome, fa: خوش‌آمدگویی}
start:
  known: {kind: tag_added, tag: new, next: rest}
points:
  rest: {kind: delay, for: P1D, next: mark}
  mark: {kind: add_tag, tag: rested}
"""


def test_a_journey_lives_and_ends(house: House, conn: psycopg.Connection[object]) -> None:
    assert house.ask("PUT", "/journeys/welcome", WELCOME) == (200, {"key": "welcome", "changed": True, "made": True})
    assert house.ask("PUT", "/journeys/welcome", WELCOME)[1] == {"key": "welcome", "changed": False, "made": False}
    assert house.get("/journeys/welcome/figures")[0] == 409
    assert house.ask("POST", "/journeys/welcome/publish") == (200, {"key": "welcome", "version": 1})
    assert house.ask("PATCH", f"/contacts/{house.people['sara']}", {"tags": {"add": ["new"]}})[0] == 202
    tick()
    figures = house.get("/journeys/welcome/figures")[1]
    assert (figures["entered"], figures["points"]["rest"]["standing"]) == (1, 1)
    people = house.get("/journeys/welcome/people?point=points.rest")[1]
    assert [(each["contact_id"], each["name"]) for each in people["data"]] == [(house.people["sara"], "Sara")]
    [trip] = house.get(f"/contacts/{house.people['sara']}")[1]["enrollments"]
    assert (trip["journey"], trip["version"], trip["point"], trip["starting_point"]) == ("welcome", 1, "rest", "known")
    assert house.ask("POST", "/journeys/welcome/resume")[0] == 409
    assert house.ask("POST", "/journeys/welcome/pause")[0] == 204
    assert house.ask("POST", "/journeys/welcome/pause")[0] == 409
    assert house.get("/journeys/welcome")[1]["state"] == "paused"
    assert house.ask("POST", "/journeys/welcome/resume")[0] == 204
    assert house.ask("POST", "/journeys/welcome/archive") == (200, {"key": "welcome", "left": 1})


def test_a_journey_is_read_as_json_and_as_yaml(house: House) -> None:
    house.ask("PUT", "/journeys/welcome", WELCOME)
    found = house.get("/journeys/welcome")[1]
    assert (found["state"], found["version"], found["revision"]) == ("draft", None, 1)
    assert list(found["definition"]["points"]) == ["rest", "mark"]
    text = house.get("/journeys/welcome/yaml")[1]
    assert text.startswith("journey: welcome\n")
    assert house.ask("PUT", "/journeys/welcome", found["definition"])[1]["changed"] is False
    assert [each["key"] for each in house.get("/journeys")[1]["data"]] == ["welcome"]


def test_a_definition_is_checked_without_being_kept(house: House) -> None:
    assert house.ask("POST", "/check", WELCOME) == (200, {"key": "welcome", "sound": True})
    assert house.get("/journeys/welcome")[0] == 404
    letter = WELCOME.replace("{kind: add_tag, tag: rested}", "{kind: send_email, template: hello}")
    status, problem = house.ask("POST", "/check", letter)
    assert (status, problem["faults"][0]["place"]) == (400, "points.mark.template")


@pytest.mark.parametrize(
    ("body", "place", "line"),
    [
        (WELCOME.replace("next: mark", "next: marc"), "points.rest.paths.next", 7),
        (WELCOME.replace("journey: welcome", "journey: other"), "journey", None),
        ("just a text", "", None),
        ("a: b: c", "", 1),
        ("", "", None),
    ],
)
def test_a_bad_definition_is_refused_with_place_and_line(house: House, body: str, place: str, line: int | None) -> None:
    status, problem = house.ask("PUT", "/journeys/welcome", body)
    assert status == 400
    fault = problem["faults"][0]
    assert (fault["place"], fault.get("line")) == (place, line)


def test_figures_ask_for_a_point_that_there_is(house: House) -> None:
    house.ask("PUT", "/journeys/welcome", WELCOME)
    assert house.get("/journeys/welcome/people?point=points.rest")[0] == 409
    house.ask("POST", "/journeys/welcome/publish")
    for asked in ("", "point=points.nothing", "point=points.rest&figure=seen", "point=points.rest&after=x"):
        assert house.get(f"/journeys/welcome/people?{asked}")[0] == 400, asked
    assert house.get("/journeys/nothing")[0] == 404


def test_publishing_names_the_template_that_is_missing(house: House) -> None:
    letter = WELCOME.replace("{kind: add_tag, tag: rested}", "{kind: send_email, template: hello}")
    assert house.ask("PUT", "/journeys/welcome", letter)[0] == 200
    status, problem = house.ask("POST", "/journeys/welcome/publish")
    assert (status, problem["faults"][0]["place"]) == (400, "points.mark.template")


def test_what_a_person_did_is_counted_once(house: House, conn: psycopg.Connection[object]) -> None:
    house.ask("PUT", "/journeys/welcome", WELCOME)
    house.ask("POST", "/journeys/welcome/publish")
    assert house.ask("POST", "/journeys/welcome/publish")[1]["version"] == 1
    send(conn, house.workspace, [{"type": "track", "userId": "ali", "event": "Product Viewed"}])
    tick()
    assert house.get("/journeys/welcome/figures")[1]["entered"] == 0
