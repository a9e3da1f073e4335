"""Random cases, each from its seed alone: `python -m tests.simulator.generate --count 2000` prints what they touch."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from typing import Any

from .generate_conditions import condition
from .generate_events import history
from .generate_journeys import journey
from .run import Result, run_case
from .scene import Scene
from .values import OPERATORS

Case = dict[str, Any]
SHOWN = OPERATORS | set(
    "all any not trait fact entry tag segment consent topic event message journey anniversary_within before within times "  # noqa: SIM905
    "where since same_as any_event goal exit_when reentry one_per control_group filter offset until".split()
)


def generate(seed: int) -> Case:
    """A case of 1 to 3 small journeys, their segments and a history; plain JSON, the same for the same seed."""
    scene = Scene(seed)
    segments: dict[str, Any] = {}
    for number in range(scene.pick([0, 1, 1, 2, 3])):
        key = f"seg_{number + 1}"
        segments[key] = {"condition": condition(scene, "segment")}  # may name the segments before it
        scene.segments.append(key)
    keys = ["alpha", "beta", "gamma"][: scene.pick([1, 2, 2, 3])]
    scene.journeys = keys
    if segments and scene.chance(0.2):  # a segment that reads journeys
        segments["seg_1"] = {"condition": {"journey": scene.pick(keys), "is": scene.pick(["inside", "finished"])}}
    case = {
        "seed": seed,
        "journeys": [journey(scene, key) for key in keys],
        "segments": segments,
        "events": history(scene),
        "zone": scene.zone,
        "calendar": scene.calendar,
        "late_events": scene.late_events,
        "currency": scene.currency,
        "until": scene.until(),
        "rates": scene.rates(),
        "topics": scene.topics,
        "quiet": scene.quiet(),
    }
    ask_for_hours(case)
    return case


def ask_for_hours(case: Case) -> None:
    """Half of the messages wait for their reader's hour, in half of the cases. By dice of their own: a case is else as it was without them."""
    dice = random.Random(f"hours {case['seed']}")
    if dice.random() < 0.5:
        return
    case["hours"] = {"salt": str(case["seed"]), "house": dice.choice([None, 0, 9, 20, 23])}
    for written in case["journeys"]:
        for point in written["points"].values():
            sends = point["kind"] in ("send_email", "send_sms") and point.get("class", "marketing") == "marketing"
            if sends and dice.random() < 0.5:
                point["send_at"] = "best_hour"


def kinds_in(case: Case) -> set[str]:
    """Kinds of points, conditions, operators and settings that stand in a case's definitions."""
    found: set[str] = set()

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            found.update(f"has {key}" for key in value if key in SHOWN)
            if "kind" in value:
                found.add(f"has kind {value['kind']}")
            for inner in value.values():
                visit(inner)
        elif isinstance(value, list):
            for inner in value:
                visit(inner)

    visit([case["journeys"], case["segments"]])
    return found


def groups_of(result: Result) -> set[str]:
    """What a case has to show, roughly."""
    passages = [passage for row in result.trace for passage in row["passages"]]
    found = {
        "(trips)": bool(result.trace),
        "(goals)": any(row["goal_at"] for row in result.trace),
        "(left)": any(row["status"] == "left" for row in result.trace),
        "(stood)": any(passage["left_at"] and passage["left_at"] > passage["arrived_at"] for passage in passages),
        "(a wait happened)": bool(result.counts["stood, then happened"]),
        "(a wait timed out)": bool(result.counts["stood, then timed_out"]),
        "(refusals)": bool(result.refusals),
        "(something caused)": any(name.startswith("internal") for name in result.counts),
    }
    return {name for name, there in found.items() if there}


def show(case: Case) -> None:
    """A case and what the simulator makes of it, step by step."""
    for name, value in case.items():
        lines = value if isinstance(value, list) else [value]
        print(f"{name}:", *(json.dumps(line, ensure_ascii=False) for line in lines), sep="\n  ")
    result = run_case(case, logging=True)
    for contact, steps in result.steps.items():
        print(f"{contact}:", *steps, sep="\n  ")
    print("trace:", *(json.dumps(row, ensure_ascii=False) for row in result.trace), sep="\n  ")
    print("refusals:", result.refusals)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--show", type=int, help="tell the story of one case instead")
    given = parser.parse_args()
    if given.show is not None:
        show(generate(given.show))
        return
    cases: Counter[str] = Counter()  # in how many cases something happened
    times: Counter[str] = Counter()  # how often it happened
    spent = {"generating": 0.0, "simulating": 0.0}
    slowest = (0.0, 0)
    for seed in range(given.first, given.first + given.count):
        started = time.perf_counter()
        case = generate(seed)
        generated = time.perf_counter()
        result = run_case(case)
        done = time.perf_counter()
        spent["generating"] += generated - started
        spent["simulating"] += done - generated
        slowest = max(slowest, (done - generated, seed))
        times.update(result.counts)
        cases.update(result.counts.keys() | kinds_in(case))
        cases.update(groups_of(result))
    for name, count in sorted(cases.items()):
        print(f"{100 * count / given.count:6.1f} %  {times[name]:8}  {name}")
    print(", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items()), f"slowest {slowest}")


if __name__ == "__main__":
    main()
