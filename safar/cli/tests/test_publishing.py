"""Publishing by the command line, and letting in those who match already."""

from __future__ import annotations

import json
import os
from pathlib import Path

from safar.journeys.engine.loop import Engine
from safar.postgres.connections import connect

JOURNEY = """
journey: vips
title: {en: VIPs, fa: خاص‌ها}
start: {tagged: {kind: tag_added, tag: vip, next: mark}}
points: {mark: {kind: add_tag, tag: seen}}
"""


def work() -> None:
    engine = Engine(os.environ["SAFAR_DATABASE_URL"])
    while engine.run_once():
        pass
    engine.close()


def test_those_who_match_come_in_where_it_is_asked_for(safar, tmp_path: Path) -> None:
    assert safar("workspace", "create", "shop")[0] == 0
    with connect(os.environ["SAFAR_DATABASE_URL"], application_name="safar tests") as conn:
        # Sara bears the tag and nothing will happen to her.
        conn.execute(
            "INSERT INTO contact (bucket, id, workspace_id, key, created_at) SELECT 5, 1029, id, 'sara', now() - interval '1 day'"
            " FROM accounts_workspace"
        )
        conn.execute("INSERT INTO contact_tag (bucket, contact_id, tag, at) VALUES (5, 1029, 'vip', now())")
        file = tmp_path / "vips.yaml"
        file.write_text(JOURNEY, encoding="utf-8")
        assert safar("journey", "apply", str(file))[0] == 0
        assert safar("journey", "publish", "vips")[0] == 0
        work()
        assert conn.execute("SELECT count(*) FROM enrollment").fetchone() == (0,)
        again = json.loads(safar("journey", "publish", "vips", "--json")[1])
        assert (again["number"], again["changed"], again["publishing"]) == (1, False, None)
        code, _, err = safar("journey", "publish", "vips", "--those-who-match")
        assert code == 0
        assert "the engines look at every contact now" in err
        work()
        assert conn.execute("SELECT contact_id FROM enrollment").fetchall() == [(1029,)]
        assert conn.execute("SELECT count(*) FROM journeys_version").fetchone() == (1,)
