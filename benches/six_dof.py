"""What does a step of a craft with thrusters cost, and how true is it? 300 s near a station, beside Basilisk, A B A B.

    python benches/six_dof.py [--basilisk PYTHON]

A Shenzhou of 24 thrusters turns at half a degree a second on a circular orbit of 6,770 km about a point mass, in the
gravity gradient: free, and with twelve thrusters that fire in every period of 0.5 s and stop at five times in it, in
pairs that balance. Both are asked for steps of 0.5 s, and Basilisk for a tenth of that, too. Its pulses come from its
own thrFiringRemainder (the first at 1 s, as ours here), nothing of its loop runs in Python. Neither takes propellant.

What each does in a step: Basilisk flies one craft by fourth-order Runge-Kutta, through tasks and messages, which cannot
be switched off, and asks at its four stages whether a thruster is on, so that a pulse is as long as the stages say: its
end comes to ours with the first power of the step (9 m off at 0.05 s, 0.7 m at 2.5 ms). Ours flies the difference from
a station whose path is known: two accelerations in the middle, each with the Earth's orientation and the Sun's place,
which a point mass would not need, and one Runge-Kutta step of the attitude from switch to switch. Free, Basilisk's path
is the truer one (fourth order, ours second): both are far below a millimetre.
Choosing thrusters is in neither; its cost is listed below, and that of a step in the field of a mission (8x8, Sun,
Moon, air). Errors at the end are against ours at a tenth of the step; Python's and Basilisk's own start are not
counted.
"""

import json
import subprocess
import sys
import time

import numpy as np
from machine import machine
from numba import njit

from kernels.constants import MU_EARTH, R_GRAVITY
from kernels.craft.attitude import to_body
from kernels.craft.six_dof import StationPath, fly_period, rigid_body, rigid_body_workspace
from kernels.craft.thruster_selection import select, selection_workspace
from sim.build.vehicles import ship_of
from sim.core.epoch import Epoch
from sim.environment.gravity import point
from sim.environment.world import Weather, build_world
from sim.scenario.load import load_named

SPAN, STEP, FINE, QUIET, ROUNDS, GOAL = 300.0, 0.5, 10, 1.0, 7, 10.0
A, INCLINATION, MASS = 6.77e6, 0.724, 7900.0
RHO, RHO_DOT = np.array([-150.0, 20.0, 30.0]), np.array([0.1, 0.05, -0.1])
SIGMA, RATE = [0.1, -0.2, 0.15], [0.004, -0.006, 0.005]
SECONDS = {
    "brake1": 0.1,
    "brake3": 0.1,
    "push1": 0.15,
    "push3": 0.15,
    "push2": 0.3,
    "push4": 0.3,
    "brake2": 0.35,
    "brake4": 0.35,
    "aft2": 0.2,
    "aft6": 0.2,
    "aft4": 0.2,
    "aft8": 0.2,
}
SHIP = ship_of(load_named("shenzhou", "ship"))
JETS = SHIP.thrusters.record._replace(flow=np.zeros(len(SHIP.thrusters.names)))
ON = np.array([SECONDS.get(name, 0.0) for name in SHIP.thrusters.names])

# Runs in Basilisk's own process: one flight for every line that it reads, its CPU time and end written as one line.
PEER = """
import json, sys, time
import numpy as np
from Basilisk.architecture import messaging
from Basilisk.fswAlgorithms import thrFiringRemainder
from Basilisk.simulation import GravityGradientEffector, spacecraft, thrusterDynamicEffector
from Basilisk.utilities import SimulationBaseClass, macros, simIncludeGravBody, simIncludeThruster
from importlib.metadata import version
given = json.loads(sys.argv[1])
def flight(firing, step):
    sim = SimulationBaseClass.SimBaseClass()
    process = sim.CreateNewProcess("p")
    process.addTask(sim.CreateNewTask("control", macros.sec2nano(given["period"])), 10)
    process.addTask(sim.CreateNewTask("t", macros.sec2nano(step)), 5)
    craft = spacecraft.Spacecraft()
    craft.ModelTag = "craft"
    craft.hub.mHub = given["mass"]
    craft.hub.r_BcB_B = [[0.0], [0.0], [0.0]]
    craft.hub.IHubPntBc_B = given["inertia"]
    bodies = simIncludeGravBody.gravBodyFactory()
    earth = bodies.createEarth()
    earth.isCentralBody = True
    earth.mu = given["mu"]
    bodies.addBodiesTo(craft)
    effector = GravityGradientEffector.GravityGradientEffector()
    effector.ModelTag = "gradient"
    effector.addPlanetName(earth.planetName)
    craft.addDynamicEffector(effector)
    factory = simIncludeThruster.thrusterFactory()
    for p, f in zip(given["position"], given["force"]):
        size = float(np.linalg.norm(f))
        factory.create("Blank_Thruster", p, list(np.array(f) / size), MaxThrust=size, steadyIsp=1e12, MinOnTime=0.0)
    jets = thrusterDynamicEffector.ThrusterDynamicEffector()
    factory.addToSpacecraft("jets", jets, craft)
    if firing:
        pulses = thrFiringRemainder.thrFiringRemainder()
        pulses.ModelTag = "pulses"
        pulses.thrMinFireTime = 0.0
        pulses.baseThrustState = 0
        sim.AddModelToTask("control", pulses)
        config = factory.getConfigMessage()
        forces_message = messaging.THRArrayCmdForceMsgPayload()
        forces = [float(np.linalg.norm(f)) * s / given["period"] for f, s in zip(given["force"], given["on"])]
        forces_message.thrForce = forces
        commanded = messaging.THRArrayCmdForceMsg().write(forces_message)
        pulses.thrConfInMsg.subscribeTo(config)
        pulses.thrForceInMsg.subscribeTo(commanded)
        jets.cmdsInMsg.subscribeTo(pulses.onTimeOutMsg)
    sim.AddModelToTask("t", jets, 30)
    sim.AddModelToTask("t", craft, 20)
    sim.AddModelToTask("t", effector, 10)
    hub = craft.hub
    hub.r_CN_NInit, hub.v_CN_NInit = [[x] for x in given["r"]], [[x] for x in given["v"]]
    hub.sigma_BNInit, hub.omega_BN_BInit = [[x] for x in given["sigma"]], [[x] for x in given["rate"]]
    sim.InitializeSimulation()
    sim.ConfigureStopTime(macros.sec2nano(given["span"]))
    clock = time.process_time()
    sim.ExecuteSimulation()
    took = time.process_time() - clock
    end = craft.scStateOutMsg.read()
    return {"took": took, "r": list(end.r_CN_N), "sigma": list(end.sigma_BN), "version": version("bsk")}
print(json.dumps(flight(False, given["period"])), flush=True)
for line in sys.stdin:
    firing, step = line.split()
    print(json.dumps(flight(firing == "firing", float(step))), flush=True)
"""


def station(t):
    """The station's place and velocity on its circle."""
    n = np.sqrt(MU_EARTH / A**3)
    x, y = np.array([1.0, 0.0, 0.0]), np.array([0.0, np.cos(INCLINATION), np.sin(INCLINATION)])
    c, s = np.cos(n * t), np.sin(n * t)
    return A * (c * x + s * y), n * A * (c * y - s * x)


def path():
    nodes = []
    for t in np.arange(0.0, SPAN + 31.0, 30.0):
        r, v = station(t)
        nodes.append([t, *r, *v, *(-MU_EARTH / A**3 * r), 1.05e5])
    return np.array(nodes)


def forces():
    """The point mass of both, and the field of a mission: 8x8, Sun, Moon and air."""
    weather = Weather(f107=150.0, f107a=150.0, ap=4.0)
    full = build_world(Epoch.from_utc("2025-04-24T09:17:00Z"), 0.0, 86400.0, 8, True, True, weather, 60.0).forces
    return full._replace(gravity=point(MU_EARTH, R_GRAVITY), third_body=0, drag=0), full


def start():
    q = np.append(2.0 * np.array(SIGMA), 1.0 - np.dot(SIGMA, SIGMA)) / (1.0 + np.dot(SIGMA, SIGMA))
    return np.concatenate([RHO, RHO_DOT, q, RATE, [MASS]])


@njit(_nrt=False)  # as a loop of the simulator is compiled: counting references to the records' arrays costs more
def fly(y, on, each, jets, craft, target, model, work, increments):
    """The whole span in periods of STEP, each in `each` steps; on (each + 1, m): the pulses' part in each, and none."""
    h = STEP / each
    for k in range(round(SPAN / STEP)):
        for i in range(each):
            now = on[i] if k * STEP >= QUIET else on[each]
            fly_period(k * STEP + i * h, h, y, now, jets, craft, target, model, work, increments)


@njit(_nrt=False)
def choose(demands, jets, usable, work, on):
    total = 0
    for i in range(demands.shape[0]):
        total += select(demands[i], STEP, usable, jets, work, on)
    return total


class Ours:
    """Our flight, made ready once."""

    def __init__(self, model):
        m = ON.size
        self.craft, self.station = rigid_body(SHIP.inertia, SHIP.cda), StationPath(nodes=path(), cda=900.0)
        self.model, self.work, self.increments, self.m = model, rigid_body_workspace(m), np.zeros(9), m

    def __call__(self, firing, each=1):
        y = start()
        h = STEP / each
        on = np.array([np.clip(firing * ON - i * h, 0.0, h) for i in range(each)] + [np.zeros(ON.size)])
        fly(y, on, each, JETS, self.craft, self.station, self.model, self.work, self.increments)
        return y


def basilisk(python):
    """Ask Basilisk for a flight; None where it is not installed."""
    r, v = station(0.0)
    given = {
        "span": SPAN,
        "period": STEP,
        "mass": MASS,
        "inertia": SHIP.inertia.tolist(),
        "mu": MU_EARTH,
        "position": JETS.position.tolist(),
        "force": JETS.force.tolist(),
        "on": ON.tolist(),
        "sigma": SIGMA,
        "rate": RATE,
        "r": (r + RHO).tolist(),
        "v": (v + RHO_DOT).tolist(),
    }
    peer = subprocess.Popen(
        [python, "-c", PEER, json.dumps(given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def answer():
        for line in peer.stdout:
            if line.startswith("{"):
                return json.loads(line)
        return None

    first = answer()
    if first is None:
        print("Basilisk is not installed: left out (pip install -e '.[peers]', or name its python)")
        return None, None
    print(f"Basilisk {first['version']}")

    def flight(firing, step):
        peer.stdin.write(f"{'firing' if firing else 'free'} {step}\n")
        peer.stdin.flush()
        return answer()

    return peer, flight


def matrix(q):
    c = np.empty((3, 3))
    to_body(q, c)
    return c


def row(name, times, steps, r, q, truth):
    error = 2.0 * np.arcsin(min(np.linalg.norm(matrix(q) - matrix(truth[6:10])) / np.sqrt(8.0), 1.0))
    r_error = np.linalg.norm(r - truth[:3])
    return f"{name:24}{1e6 * np.median(times) / steps:12.2f}{1e3 * np.median(times):12.2f}{r_error:12.1e}{error:12.1e}"


def timed(call, *given):
    """CPU s of one call, as the mean of ten: one of ours is over before the processor has its code and tables again."""
    clock = time.process_time()
    for _ in range(10):
        call(*given)
    return (time.process_time() - clock) / 10.0


def compare(firing, ours, ask):
    """Both in turn: our times and end, and Basilisk's at the step and at a tenth of it."""
    ours(firing)
    mine, theirs, fine = [], [], []
    for _ in range(ROUNDS):
        mine.append(timed(ours, firing))
        if ask:
            theirs.append(ask(firing, STEP))
            fine.append(ask(firing, STEP / FINE))
    truth, steps, station_r = ours(firing, FINE), round(SPAN / STEP), station(SPAN)[0]
    end = ours(firing)
    print(f"\n{'twelve thrusters in pulses' if firing else 'free'}")
    print(f"{'':24}{'us a step':>12}{'ms':>12}{'error m':>12}{'error rad':>12}")
    print(row(f"tiangong {STEP:g} s", mine, steps, end[:3], end[6:10], truth))
    for name, runs, count in ((f"{STEP:g} s", theirs, steps), (f"{STEP / FINE:g} s", fine, FINE * steps)):
        if runs:
            sigma = np.array(runs[-1]["sigma"])
            q = np.append(2.0 * sigma, 1.0 - sigma @ sigma) / (1.0 + sigma @ sigma)
            took = [run["took"] for run in runs]
            print(row(f"Basilisk {name}", took, count, np.array(runs[-1]["r"]) - station_r, q, truth))
    if not theirs:
        print(f"{'Basilisk':24}missing: no ratio is claimed")
        return
    ratio, equal = (np.median([run["took"] for run in runs]) / np.median(mine) for runs in (theirs, fine))
    print(
        f"goal: >= {GOAL:g}x Basilisk a step; {ratio:.1f}x, {'reached' if ratio >= GOAL else 'MISSED'}; "
        f"{equal:.0f}x its flight at {STEP / FINE:g} s"
    )


def main():
    python = sys.argv[2] if sys.argv[1:2] == ["--basilisk"] and len(sys.argv) > 2 else sys.executable
    print(f"{machine()}\nsix degrees of freedom, {SPAN:g} s at {STEP:g} s steps, CPU time, median of {ROUNDS} in turn")
    point_mass, full = forces()
    peer, ask = basilisk(python)
    for firing in (False, True):
        compare(firing, Ours(point_mass), ask)
    print("\nours alone, us")
    ours = Ours(full)
    for firing in (False, True):
        ours(firing)
        each = np.median([timed(ours, firing) for _ in range(ROUNDS)]) * STEP / SPAN
        print(f"a step in the field of a mission, {'twelve thrusters' if firing else 'free':17}{1e6 * each:8.2f}")
    rng, usable, work, on = (
        np.random.default_rng(1),
        np.ones(ON.size, np.uint8),
        selection_workspace(ON.size),
        np.empty(ON.size),
    )
    for size, what in ((4.0, "within reach"), (60.0, "mostly beyond")):
        demands = size * rng.normal(size=(20000, 6)) * [1.0, 0.3, 0.3, 0.5, 1.2, 1.2]
        usable[[name.startswith("brake") for name in SHIP.thrusters.names]] = size < 10.0
        choose(demands[:2], SHIP.thrusters.record, usable, work, on)
        took = np.median([timed(choose, demands, SHIP.thrusters.record, usable, work, on) for _ in range(ROUNDS)])
        print(f"choosing thrusters, demands {what:24}{1e6 * took / len(demands):8.2f}")
    if peer:
        peer.stdin.close()
        peer.wait()


if __name__ == "__main__":
    main()
