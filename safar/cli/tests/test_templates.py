"""Templates as files through the front door: what is shown is what is applied."""

from __future__ import annotations

import json
from pathlib import Path


def test_a_file_of_templates_goes_in_and_comes_out(safar, tmp_path: Path) -> None:
    assert safar("workspace", "create", "shop", "--language", "fa")[0] == 0
    assert safar("journey", "ready-made", "abandoned-cart", "--both")[0] == 0
    code, shown, _ = safar("template", "show")
    assert code == 0
    assert "- kind: heading" in shown
    assert "<" not in shown.replace("<salam", "")  # nobody meets HTML
    file = tmp_path / "templates.yaml"
    file.write_text(shown, "utf-8")
    applied = safar("template", "apply", str(file), "--json")
    assert json.loads(applied[1]) == {str(file): []}
    file.write_text(shown.replace("سبدتان سر جایش است", "سبدتان منتظر است"), "utf-8")
    assert json.loads(safar("template", "apply", str(file), "--json")[1]) == {str(file): ["cart-remind"]}
    one = json.loads(safar("template", "show", "cart-remind", "--json")[1])
    file.with_suffix(".json").write_text(json.dumps(one), "utf-8")
    assert json.loads(safar("template", "apply", str(file.with_suffix(".json")), "--json")[1]) == {
        str(file.with_suffix(".json")): []
    }
    assert safar("template", "show", "cart-remid")[0] != 0
