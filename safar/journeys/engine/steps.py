"""Steps 2 to 4 of an event, and what a timer does: for every journey in its order, all people of the round at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safar.journeys.compiler.version import Version
from safar.journeys.engine.plan import Journey, Plan, Workspace
from safar.journeys.engine.session import Session


@dataclass
class Outcome:
    """What a tick did. more: there may be more at once. outbox: rows for the dispatcher."""

    events: int = 0
    subjects: int = 0
    rounds: int = 0
    outbox: int = 0
    more: bool = False


class Steps:
    """Counts what its statements leave behind: ``caused`` internal events waiting, people noted in left_now and start_now."""

    def __init__(self, session: Session, plan: Plan, outcome: Outcome) -> None:
        self.session, self.plan, self.outcome = session, plan, outcome
        self.versions = plan.versions
        self.caused = self._left = self._started = 0

    def events(self, tokens: Mapping[int, set[str]]) -> None:
        """tokens: workspace → what its events of this round bear."""
        for workspace_id, heard in tokens.items():
            workspace = self.plan.workspaces.get(workspace_id)
            if workspace is None:
                continue
            for segment_id, armed in workspace.segments:
                if armed.tokens & heard or "created" in heard:
                    self._tell(armed.on_event, f"segment {segment_id}")
            for journey in workspace.journeys:
                if journey.live is not None:
                    for number, armed in journey.live.armed.items():
                        if armed.tokens & heard:
                            self._started += self.session.run(armed.on_event, doing=f"{journey.key}: start {number}")[
                                0
                            ][0]
            for journey in workspace.journeys:
                self._leave(journey, heard)
            for journey in workspace.journeys:
                self._wake(journey, heard)

    def timers(self, groups: set[tuple[int, int, int]]) -> None:
        """groups: (workspace, group, part) of the round's timers; within a contact there is one of them."""
        for workspace_id in sorted({group[0] for group in groups}):
            workspace = self.plan.workspaces.get(workspace_id)
            if workspace is None:
                continue
            mine = {group[1:] for group in groups if group[0] == workspace_id}
            if any(group == 0 for group, _ in mine):
                for segment_id, armed in workspace.segments:
                    self._tell(armed.on_timer, f"segment {segment_id}")
            if (1, 0) in mine:
                for version in self._standing(workspace):
                    if version.exit_timer is not None:
                        self.caused += self.session.run(version.exit_timer, doing=_where(version))[0][1]
            if (1, 1) in mine:
                people = 0
                for version in self._standing(workspace):
                    if version.point_timer:
                        people += self.session.run(version.point_timer, doing=_where(version))[0][0]
                self.move(people)
            if any(group == 2 for group, _ in mine):
                for journey in workspace.journeys:
                    if journey.live is not None:
                        for number, armed in journey.live.armed.items():
                            self._started += self.session.run(armed.on_timer, doing=f"{journey.key}: start {number}")[
                                0
                            ][0]

    def enter(self, tokens: Mapping[int, set[str]]) -> None:
        """Step 4, once for the events and the timers of the round: a contact has one of them."""
        for workspace_id, workspace in self.plan.workspaces.items():
            heard = tokens.get(workspace_id, set())
            if heard or self._started:
                self._enter(workspace, heard)

    def forget(self) -> None:
        """The event or timer has been dealt with for every journey."""
        self.session.empty("left_now", self._left)
        self.session.empty("start_now", self._started)
        self._left = self._started = 0

    # one step each

    def _leave(self, journey: Journey, heard: set[str]) -> None:
        wanted = [v for v in journey.versions if v.concern is not None and v.concern.tokens & heard]
        for version in wanted:
            if version.past_goal is not None and version.past_goal.tokens & heard:
                self.session.run(version.past_goal.statement, doing=_where(version))
        gone = [(v, w) for v in journey.versions for w in (v.topics_left, v.taken) if w.tokens & heard]
        for _ in self._ranks(journey, bool(wanted or gone)):
            for version in wanted:
                assert version.concern is not None
                left, told, _soon = self.session.run(version.concern.statement, doing=_where(version))[0]
                self._left += left
                self.caused += told
            for version, called_off in gone:
                left, told = self.session.run(called_off.statement, doing=_where(version))[0]
                self._left += left
                self.caused += told

    def _wake(self, journey: Journey, heard: set[str]) -> None:
        wanted = [(v, w) for v in journey.versions for w in v.waits if w.tokens & heard]
        for _ in self._ranks(journey, bool(wanted)):
            people = 0
            for version, wait in wanted:
                people += self.session.run(wait.statement, doing=_where(version))[0][0]
            self.move(people)

    def _enter(self, workspace: Workspace, heard: set[str]) -> None:
        for journey in workspace.journeys:
            version = journey.live
            if version is None or not (version.entering.tokens & heard or (self._started and version.entering.watches)):
                continue
            entrants, _again = self.session.run(version.entering.match, doing=_where(version))[0]
            if entrants:
                people, told, _soon = self.session.run(version.entering.enter, doing=_where(version))[0]
                self.caused += told
                self.session.empty("entrant", entrants)
                self.move(people)

    def move(self, people: int) -> None:
        """Moves everybody in ``mover``, each until it stands."""
        if not people:
            return
        paused = [j.journey_id for j in self.plan.journeys.values() if j.paused]
        if paused:
            self.session.file("hold", journeys=paused)
        groups = self._movers()
        for version_id in sorted({version_id for version_id, _, fresh in groups if not fresh}):
            version = self.versions[version_id]
            if version.exit_before is not None:
                left, told, _soon = self.session.run(version.exit_before, doing=_where(version))[0]
                self._left += left
                self.caused += told
                if left:
                    groups = self._movers()
        while groups:
            again = longest = 0
            for version_id, target in sorted({(version_id, target) for version_id, target, _ in groups}):
                version = self.versions[version_id]
                _moved, on, told, _soon, queued, trail = self.session.run(
                    version.stretches[target], doing=_where(version)
                )[0]
                again += on
                self.caused += told
                self.outcome.outbox += queued
                longest = max(longest, trail or 0)
            self._note_exit_points(groups)
            if longest >= 128:
                self.session.file("shorten_trails")
            self.session.empty("mover", people)
            groups, people = [], again
            if again:
                self.session.run("INSERT INTO mover SELECT * FROM mover_next")
                self.session.empty("mover_next", again)
                groups = self._movers()
        self.session.empty("mover", people)

    def _note_exit_points(self, groups: list[tuple[int, int, bool]]) -> None:
        """Whoever an exit point has just ended has left by this event."""
        ids = sorted({version_id for version_id, _, _ in groups if self.versions[version_id].has_exit_points})
        if ids:
            self._left += self.session.run(
                "WITH n AS (INSERT INTO left_now (contact_id, journey_id) SELECT e.contact_id, e.journey_id FROM mover m"
                " JOIN enrollment e ON e.bucket = m.bucket AND e.contact_id = m.contact_id AND e.journey_id = m.journey_id"
                " AND e.one_per = m.one_per WHERE e.state = 2 AND e.version_id = ANY (%(ids)s) RETURNING 1) SELECT count(*) FROM n",
                {"ids": ids},
            )[0][0]

    def _movers(self) -> list[tuple[int, int, bool]]:
        rows = self.session.run("SELECT version_id, target, fresh FROM mover GROUP BY 1, 2, 3")
        return [(row[0], row[1], row[2]) for row in rows]

    def _ranks(self, journey: Journey, wanted: bool) -> Iterator[None]:
        """Once; with one_per once for each rank, so that a contact's enrollments come one after the other."""
        if not wanted:
            return
        if not journey.ranked:
            yield
            return
        top = self.session.file("rank", journey=journey.journey_id)[0][0]
        for rank in range(1, top + 1):
            rows = self.session.run(
                "WITH r AS (INSERT INTO ranked_now SELECT contact_id, one_per FROM ranked WHERE rank = %(rank)s RETURNING 1) SELECT count(*) FROM r",
                {"rank": rank},
            )[0][0]
            yield
            self.session.empty("ranked_now", rows)
        self.session.run("DELETE FROM ranked")

    def _tell(self, statement: str, doing: str) -> None:
        self.caused += self.session.run(statement, doing=doing)[0][0]

    def _standing(self, workspace: Workspace) -> list[Version]:
        return [version for journey in workspace.journeys if not journey.paused for version in journey.versions]


def _where(version: Version) -> str:
    return f"version {version.version_id}"
