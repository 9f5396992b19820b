"""From a mission and its rules to the plan of a span: world, station, day by day, constraints."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.interchange.choice import ChosenSet
from sim.planning.docking.plan import DockingPlan, plan, sight_of
from sim.planning.docking.slots import MARGIN, slots
from sim.planning.station_outlook import DAY, Asked, Setting, setting
from sim.scenario import Scenario
from sim.scenario.docking_rules import RulesRead


@dataclass(frozen=True)
class Season:
    """The mission with its rules in `setting.scenario.raw`, for the manifest; what the planner saw; the plan."""

    setting: Setting
    rules: RulesRead
    plan: DockingPlan

    def head(self) -> dict:
        found = self.setting
        return {
            "mission": found.scenario.name,
            "port": found.scenario.rendezvous.port,
            "rules": self.rules.rules.name,
            "elements": found.elements,
            "elements_epoch_utc": found.zero.utc(0),
            **found.asked.element_set(),
            "trimmed": found.asked.trims,
            "decay_m_day": round(found.decay * DAY, 2),
        }

    def lines(self) -> list[str]:
        found = self.setting
        how = "trimmed for each day" if found.asked.trims else "as it flies"
        return [
            f"{found.scenario.name}: {found.scenario.rendezvous.port} port, {self.plan.profile.key} profile, elements "
            f"{found.elements} of {found.zero}, station {how}",
            *found.asked.element_lines(),
            f"rules: {self.rules.rules.name}; times are those of contact",
        ]


def season(
    scenario: Scenario,
    read: RulesRead,
    first: Epoch | None,
    days: float | None,
    target: ChosenSet | None,
    trims: bool,
) -> Season:
    """Windows from `first` for `days`, or for the launches of the file's own window."""
    raw = {**scenario.raw, "docking_rules": read.raw}
    scenario = replace(scenario, raw=raw, files=(*scenario.files, *read.files))
    elements = target.elements if target else None
    asked = Asked(start=first, days=days, elements=elements, bias=None, site=None, trims=trims, chosen=target)
    found = setting(scenario, asked, 2.0 * MARGIN)
    profile = found.profiles[0]
    end = found.end if first else found.end + profile.contact
    days_found = slots(found, found.start, end, profile.limits.trims)
    if not days_found:
        raise Failure(f"{found.site.name} does not pass through the station's plane: no ship reaches the station")
    port = scenario.station_vehicle.ports[scenario.rendezvous.port]
    sight = sight_of(found.path, found.world, port.axis, days_found)
    made = plan(found.zero, found.start, end, profile, read.rules, sight, days_found, found.landing)
    return Season(found, read, made)
