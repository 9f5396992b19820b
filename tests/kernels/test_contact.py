"""Contact and mating: the box, what is kept, loads in closed form, SciPy's flight with gravity, bounce and push-off."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

from kernels.constants import MU_EARTH
from kernels.docking.capture import (
    ACROSS,
    ANGLE,
    AXIAL,
    COLUMNS,
    DAMPED,
    DEEPEST,
    ENERGY,
    HEAT,
    OFFSET,
    PEAKS,
    PRESSED,
    SPEED,
    STILL_MOVING,
    STROKE,
    TORQUE,
    TURNING,
    TWISTED,
    T,
    bounce,
    energy,
    hard_mate,
    held_mass,
    push_off,
    retract,
    soft_capture,
)
from kernels.docking.contact import (
    CLOSING_MAX,
    CLOSING_MIN,
    LATERAL,
    LATERAL_SPEED,
    PAIR,
    RATE,
    ROLL,
    TILT,
    Box,
    capture_box,
    relation,
    scratch,
    side,
    springs,
)
from tests.tolerance import (
    CONTACT_FORCE_REL,
    CONTACT_GRAVITY_M,
    CONTACT_GRAVITY_REL,
    CONTACT_KEPT_REL,
    CONTACT_REFEREE_REL,
    PUSH_SPEED_REL,
)

DEG = math.pi / 180.0
SHIP = side(7900.0, (8.0e3, 5.8e4, 5.8e4), (4.9, 0.0, 0.0), np.eye(3))
NADIR = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])  # into the station is upward, -z
AHEAD = np.array([[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]])
PORTS = {"nadir": ((3.0, 0.0, 3.0), NADIR), "forward": ((5.0, 0.0, 0.0), AHEAD)}
INERTIA = ((0.6e7, 2.0e5, 1.0e5), (2.0e5, 1.5e7, 0.0), (1.0e5, 0.0, 1.8e7))
BOX = Box(
    closing_min=0.08, closing_max=0.18, lateral=0.16, lateral_speed=0.10, tilt=3.0 * DEG, roll=5.0 * DEG, rate=0.6 * DEG
)
SETTLED = (1.0e-3, 5.0e-3, 0.01 * DEG, 0.1 * DEG)
MECHANISM = springs((5.0e3, 3.0e3), (2.0e3, 3.0e3), (5.0e4, 1.0e5), (1.0e4, 1.0e4), SETTLED)
PAIR_MASS = 7900.0 * 1.0e5 / 1.079e5
LIMIT = np.array(
    [0.0, 0.11, 0.1, 0.17, -0.05, 0.06, 4.0 * DEG, 2.5 * DEG, -2.5 * DEG, 0.4 * DEG, -0.5 * DEG, 0.5 * DEG]
)
SOFTLY = np.array([0.0, 0.03, -0.02, 0.13, 0.005, -0.004, 0.5 * DEG, 0.4 * DEG, -0.3 * DEG, 0.1 * DEG, 0.05 * DEG, 0.0])


def station(port="nadir", mass=1.0e5):
    ring, axes = PORTS[port]
    return side(mass, INERTIA, ring, axes)


def touching(rel, base, ship=SHIP, turn=(0.3, -0.2, 0.5), spin=(1e-4, -1.1e-3, 2e-4)):
    """A pair whose `relation` is rel: the station at rest in the origin, turned by `turn` and turning by `spin`.

    Written with SciPy's rotations, so that it knows nothing of the kernel's formulas.
    """
    body = Rotation.from_rotvec(turn)  # station's body to inertial
    port = body * Rotation.from_matrix(base.axes.T)  # port's frame to inertial
    ring = port * Rotation.from_rotvec(rel[6:9])
    craft = ring * Rotation.from_matrix(ship.axes)
    wt = body.apply(spin)
    ws = wt + port.apply(rel[9:12])
    meeting = body.apply(base.ring) + port.apply(rel[0:3])
    arm = craft.apply(ship.ring)
    y = np.zeros(PAIR)
    y[0:3] = meeting - arm
    y[3:6] = np.cross(wt, meeting) + port.apply(rel[3:6]) - np.cross(ws, arm)
    y[6:10], y[10:13] = craft.as_quat(), craft.inv().apply(ws)
    y[19:23], y[23:26] = body.as_quat(), spin
    return y


def momenta(y, ship, base):
    """Momentum and angular momentum about the origin, inertial."""
    pair = ((ship, y[0:13]), (base, y[13:26]))
    linear = sum(b.mass * z[3:6] for b, z in pair)
    turns = (Rotation.from_quat(z[6:10]).apply(b.inertia @ z[10:13]) for b, z in pair)
    return linear, sum(turns) + sum(b.mass * np.cross(z[0:3], z[3:6]) for b, z in pair)


def related(y, base, ship=SHIP):
    rel = np.empty(12)
    relation(y, ship, base, scratch(), rel)
    return rel


def captured(rel, base, mechanism=MECHANISM, dt=0.05, limit=120.0, turn=(0.3, -0.2, 0.5)):
    y = touching(rel, base, turn=turn)
    history, peaks = np.empty((int(limit / dt) + 2, COLUMNS)), np.zeros(PEAKS)
    status, t, rows = soft_capture(y, SHIP, base, mechanism, dt, limit, 1, history, peaks)
    return y, status, t, history[:rows], peaks


@pytest.mark.small
@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("rel", [LIMIT, SOFTLY], ids=["limit", "soft"])
def test_the_relation_is_what_was_set_up(rel, port):
    base = station(port)
    assert related(touching(rel, base), base) == pytest.approx(rel, abs=1e-14)


@pytest.mark.small
def test_every_side_of_the_box_is_judged_alone():
    margins = np.empty(7)
    assert capture_box(SOFTLY, BOX, margins) == 1
    assert margins[LATERAL] == pytest.approx(0.16 - math.hypot(0.03, 0.02))
    assert margins[LATERAL_SPEED] == pytest.approx(0.10 - math.hypot(0.005, 0.004))
    over = {
        CLOSING_MIN: (3, 0.07, 0.01),
        CLOSING_MAX: (3, 0.20, 0.02),
        LATERAL: (1, -0.2, 0.0413),
        TILT: (8, -3.5 * DEG, 0.5 * DEG),
        ROLL: (6, -6.0 * DEG, DEG),
        RATE: (11, -0.7 * DEG, 0.1 * DEG),
        LATERAL_SPEED: (5, -0.12, 0.0201),
    }
    for which, (place, value, beyond) in over.items():
        rel = SOFTLY.copy()
        rel[place] = value
        assert capture_box(rel, BOX, margins) == 0
        assert [i for i in range(7) if margins[i] < 0.0] == [which]
        assert margins[which] == pytest.approx(-beyond, rel=0.02)
    rel = SOFTLY.copy()
    rel[7] = math.nan
    assert capture_box(rel, BOX, margins) == 0  # what is not known is not inside


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("rel", [LIMIT, SOFTLY], ids=["limit", "soft"])
def test_capture_comes_to_rest_and_keeps_momentum(rel, port):
    """From the very limits of the box: momentum, angular momentum, energy that only falls, and where it goes."""
    base = station(port)
    before = touching(rel, base)
    y, status, t, history, peaks = captured(rel, base)
    assert status == DAMPED and 5.0 < t < 100.0
    for now, then, size in zip(momenta(y, SHIP, base), momenta(before, SHIP, base), (1e3, 5e4), strict=True):
        assert now == pytest.approx(then, abs=CONTACT_KEPT_REL * size)
    lost = history[0, ENERGY] - history[:, ENERGY]
    assert np.diff(lost).min() >= 0.0
    assert history[:, HEAT] == pytest.approx(lost, abs=CONTACT_REFEREE_REL * lost[-1])
    assert (
        history[0, ENERGY] - energy(before, SHIP, base)
        == pytest.approx(  # turned springs
            0.5 * (1e4 * rel[6] ** 2 + 5e4 * (rel[7:9] @ rel[7:9])) + 1e3 * (rel[1:3] @ rel[1:3]), rel=1e-3
        )
    )
    last = history[-1]
    assert last[SPEED] < SETTLED[0] and math.hypot(last[STROKE], last[OFFSET]) < SETTLED[1]
    assert last[TURNING] < SETTLED[2] and last[ANGLE] < SETTLED[3]
    assert peaks[PRESSED] == history[:, AXIAL].max() < 20e3
    assert peaks[TWISTED] == history[:, TORQUE].max() and peaks[DEEPEST] == history[:, STROKE].max() < 0.45
    short = captured(rel, base, limit=2.0)
    assert short[1] == STILL_MOVING and short[2] == 2.0


@pytest.mark.parametrize("closing", [0.08, 0.13, 0.18])
def test_the_force_without_damping(closing):
    """Straight in along an axis through both centres of mass: v sqrt(k mu), after a quarter of the period."""
    base = side(1.0e5, INERTIA, (5.0, 0.0, 0.0), AHEAD)
    rel = np.zeros(12)
    rel[3] = closing
    mechanism = springs((5.0e3, 0.0), (2.0e3, 0.0), (5.0e4, 0.0), (1.0e4, 0.0), SETTLED)
    y = touching(rel, base, spin=(0.0, 0.0, 0.0))
    history, peaks = np.empty((300, COLUMNS)), np.zeros(PEAKS)
    soft_capture(y, SHIP, base, mechanism, 0.02, 5.0, 1, history, peaks)
    assert peaks[PRESSED] == pytest.approx(closing * math.sqrt(5.0e3 * PAIR_MASS), rel=CONTACT_FORCE_REL)
    quarter = 0.5 * math.pi * math.sqrt(PAIR_MASS / 5.0e3)
    assert history[np.argmax(history[:251, AXIAL]), T] == pytest.approx(quarter, abs=0.02)
    assert peaks[ACROSS] < 1e-9 and peaks[TWISTED] < 1e-9


def test_the_force_with_damping():
    """The same with the damper: the response of the linear oscillator, x = v/w e^(-a t) sin w t."""
    base = side(1.0e5, INERTIA, (5.0, 0.0, 0.0), AHEAD)
    rel = np.zeros(12)
    rel[3] = 0.15
    y = touching(rel, base, spin=(0.0, 0.0, 0.0))
    history, peaks = np.empty((300, COLUMNS)), np.zeros(PEAKS)
    soft_capture(y, SHIP, base, MECHANISM, 0.02, 5.0, 1, history, peaks)
    t, a = history[:251, T], 0.5 * 3.0e3 / PAIR_MASS
    w = math.sqrt(5.0e3 / PAIR_MASS - a * a)
    x = 0.15 / w * np.exp(-a * t) * np.sin(w * t)
    v = 0.15 * np.exp(-a * t) * np.cos(w * t) - a * x
    assert history[:251, STROKE] == pytest.approx(x, abs=1e-9)
    assert history[:251, AXIAL] == pytest.approx(5.0e3 * x + 3.0e3 * v, abs=1e-4)


class Referee:
    """The same two bodies by SciPy, written with vectors and rotations, and with gravity where it is asked for."""

    def __init__(self, base, mechanism, mu=0.0, centre=(0.0, 0.0, 0.0)):
        self.base, self.mechanism, self.mu, self.centre = base, mechanism, mu, np.array(centre)

    def pull(self, body, r, turned):
        """Acceleration, and the torque of the gradient in body axes."""
        if self.mu == 0.0:
            return np.zeros(3), np.zeros(3)
        p = r + self.centre
        b = turned.inv().apply(p) / np.linalg.norm(p)
        return -self.mu * p / np.linalg.norm(p) ** 3, 3 * self.mu / np.linalg.norm(p) ** 3 * np.cross(
            b, body.inertia @ b
        )

    def load(self, y):
        craft, body = Rotation.from_quat(y[6:10]), Rotation.from_quat(y[19:23])
        port = body * Rotation.from_matrix(self.base.axes.T)
        ring = craft * Rotation.from_matrix(SHIP.axes.T)
        meeting = y[0:3] + craft.apply(SHIP.ring) - y[13:16]
        ws, wt = craft.apply(y[10:13]), body.apply(y[23:26])
        speed = y[3:6] + np.cross(ws, craft.apply(SHIP.ring)) - y[16:19] - np.cross(wt, meeting)
        d, u = port.inv().apply(meeting - body.apply(self.base.ring)), port.inv().apply(speed)
        x, y_, z, w = (port.inv() * ring).as_quat(canonical=True)
        e, k, c = np.array([x, y_, z]), self.mechanism.stiffness, self.mechanism.damping
        force = -k[:3] * d - c[:3] * u
        torque = -2.0 * (w * k[3:] * e + np.cross(e, k[3:] * e)) - c[3:] * port.inv().apply(ws - wt)
        return force, port.apply(force), port.apply(torque), meeting

    def __call__(self, t, y):
        craft, body = Rotation.from_quat(y[6:10]), Rotation.from_quat(y[19:23])
        _, force, torque, meeting = self.load(y)
        dy = np.empty(26)
        for b, turned, z, out, sign, arm in (
            (SHIP, craft, y[:13], dy[:13], 1.0, craft.apply(SHIP.ring)),
            (self.base, body, y[13:], dy[13:], -1.0, meeting),
        ):
            pull, gradient = self.pull(b, z[0:3], turned)
            about = turned.inv().apply(sign * (np.cross(arm, force) + torque)) + gradient
            out[0:3], out[3:6] = z[3:6], sign * force / b.mass + pull
            x, y_, zq, w = z[6:10]
            p, q, r = z[10:13]
            out[6:10] = 0.5 * np.array(
                [w * p + y_ * r - zq * q, w * q + zq * p - x * r, w * r + x * q - y_ * p, -x * p - y_ * q - zq * r]
            )
            out[10:13] = np.linalg.solve(b.inertia, about - np.cross(z[10:13], b.inertia @ z[10:13]))
        return dy

    def fly(self, y, times):
        run = solve_ivp(self, (0.0, times[-1]), y[:26], method="DOP853", rtol=1e-10, atol=1e-13, t_eval=times)
        return run.y.T


def test_capture_is_scipys():
    base = station()
    _, _, t, history, _ = captured(LIMIT, base, dt=0.05, limit=10.0)
    rows = Referee(base, MECHANISM).fly(touching(LIMIT, base), history[::20, T])
    forces = np.array([Referee(base, MECHANISM).load(row)[0] for row in rows])
    assert history[::20, AXIAL] == pytest.approx(-forces[:, 0], abs=CONTACT_REFEREE_REL * 1000.0)
    ends = np.array([related(np.append(row, (0.0, 0.0)), base) for row in rows])
    assert history[::20, STROKE] == pytest.approx(ends[:, 0], abs=CONTACT_REFEREE_REL)


def test_gravity_may_be_left_out():
    """In an orbit at 390 km, with the pull on either body and its gradient: another force by 1e-3, rest by 0.1 mm."""
    base, radius = station(), 6.768e6
    n = math.sqrt(MU_EARTH / radius**3)
    # The station is level: its z to the nadir, down the inertial -x; it turns about -y once a revolution.
    turn = Rotation.from_matrix(np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])).as_rotvec()
    still = touching(SOFTLY, base, turn=turn, spin=(0.0, -n, 0.0))
    orbiting = still.copy()
    orbiting[[4, 17]] += n * radius
    times = np.linspace(0.0, 30.0, 301)
    alone = Referee(base, MECHANISM)
    pulled = Referee(base, MECHANISM, MU_EARTH, (radius, 0.0, 0.0))
    free, bound = alone.fly(still, times), pulled.fly(orbiting, times)
    loads = [np.array([alone.load(row)[0][0] for row in rows]) for rows in (free, bound)]
    assert np.abs(loads[0] - loads[1]).max() < CONTACT_GRAVITY_REL * np.abs(loads[0]).max()
    rest = [related(np.append(rows[-1], (0.0, 0.0)), base)[:3] for rows in (free, bound)]
    assert np.linalg.norm(rest[0] - rest[1]) < CONTACT_GRAVITY_M


def test_retraction_follows_its_programme_and_mates():
    """The motor draws the ship in by 0.4 m; its work and the heat close the energy budget; the hooks make one body of
    two."""
    base = station()
    y, _, _, _, peaks = captured(SOFTLY, base)
    before, heat = momenta(y, SHIP, base), y[26]
    history = np.empty((500, COLUMNS))
    status, t, rows = retract(y, SHIP, base, MECHANISM, 0.4, 300.0, 0.05, 20, history, peaks)
    history = history[:rows]
    assert status == DAMPED and t == 300.0 and rows == 301
    assert history[-1, STROKE] == pytest.approx(0.4, abs=1e-4)
    later = history[40:, AXIAL]  # what the capture had left, some newtons, has gone by then
    greatest = PAIR_MASS * 5.774 * 0.4 / 300.0**2  # of the smooth programme, 10/sqrt(3) travel / time^2
    outward = PAIR_MASS * (y[23:26] @ y[23:26]) * np.linalg.norm(y[0:3] - y[13:16])  # the pair turns
    assert 0.0 < outward < greatest and np.abs(later).max() == pytest.approx(greatest, abs=outward)
    change = history[-1, ENERGY] - history[0, ENERGY]
    assert change == pytest.approx(y[27] - (y[26] - heat), abs=1e-9)
    place, rate, inertia = np.empty(6), np.empty(3), np.empty((3, 3))
    left = related(y, base)
    lost = hard_mate(y, SHIP, base, place, rate, inertia)
    assert 0.0 <= lost < 0.01 and left[0] == pytest.approx(0.4, abs=1e-4)
    total = SHIP.mass + base.mass
    body = Rotation.from_quat(y[19:23])
    assert total * place[3:6] == pytest.approx(before[0], abs=1e-9)
    angular = body.apply(inertia @ rate) + total * np.cross(place[0:3], place[3:6])
    assert angular == pytest.approx(before[1], abs=1e-6)
    moments = np.linalg.eigvalsh(inertia)
    assert np.linalg.eigvalsh(base.inertia)[0] < moments[0] and moments[2] < moments[0] + moments[1]


@pytest.mark.small
@pytest.mark.parametrize("restitution", [0.0, 0.4, 1.0])
def test_a_miss_bounces(restitution):
    base = station()
    y = touching(LIMIT, base)
    before, then = y.copy(), energy(y, SHIP, base)
    blow = bounce(y, SHIP, base, restitution)
    assert related(y, base)[3] == pytest.approx(-restitution * LIMIT[3], rel=1e-9, abs=1e-12)
    assert np.array_equal(related(y, base)[[0, 1, 2, 6, 7, 8]], related(before, base)[[0, 1, 2, 6, 7, 8]])
    for now, earlier in zip(momenta(y, SHIP, base), momenta(before, SHIP, base), strict=True):
        assert now == pytest.approx(earlier, abs=1e-10 * np.linalg.norm(earlier))
    increments = held_mass(before, SHIP, base, np.zeros(2))
    assert increments < PAIR_MASS and blow == pytest.approx((1.0 + restitution) * increments * LIMIT[3])
    gone = then - energy(y, SHIP, base)
    assert gone == pytest.approx(0.5 * increments * LIMIT[3] ** 2 * (1.0 - restitution**2), abs=1e-9)
    assert bounce(y, SHIP, base, restitution) == 0.0 or restitution == 0.0  # it is on its way out


@pytest.mark.parametrize("port", PORTS)
def test_pushers_reach_their_speed(port):
    """v from the work of the springs; a quarter of the period of mass and spring, pi/2 stroke/v; momentum is kept."""
    base, speed, stroke = station(port), 0.2, 0.05
    y = touching(np.zeros(12), base, spin=(0.0, 0.0, 0.0))
    before = momenta(y, SHIP, base)
    increments = held_mass(y, SHIP, base, np.zeros(2))
    history, peaks = np.empty((400, COLUMNS)), np.zeros(PEAKS)
    t, rows = push_off(y, SHIP, base, increments * speed**2 / stroke, stroke, np.zeros(2), 0.002, history, peaks)
    rel = related(y, base)
    assert rel[0] == pytest.approx(-stroke, abs=1e-8)
    assert -rel[3] == pytest.approx(speed, rel=PUSH_SPEED_REL)
    assert t == pytest.approx(0.5 * math.pi * stroke / speed, rel=PUSH_SPEED_REL)
    assert peaks[PRESSED] == pytest.approx(increments * speed**2 / stroke)
    for now, then in zip(momenta(y, SHIP, base), before, strict=True):
        assert now == pytest.approx(then, abs=1e-9 * max(1e3, np.linalg.norm(then)))
    assert history[:rows, ENERGY] == pytest.approx(history[0, ENERGY], rel=PUSH_SPEED_REL)
    if port == "forward":
        assert increments == pytest.approx(PAIR_MASS, rel=1e-9)  # through both centres of mass


def test_pushers_beside_the_centre_of_mass_turn_the_ship():
    """The tip-off is the impulse times its lever over the moment of inertia."""
    base, aside = station("forward"), np.array([0.02, -0.01])
    y = touching(np.zeros(12), base, spin=(0.0, 0.0, 0.0))
    increments = held_mass(y, SHIP, base, aside)
    push_off(y, SHIP, base, increments * 0.04 / 0.05, 0.05, aside, 0.002, np.empty((0, COLUMNS)), np.zeros(PEAKS))
    impulse = SHIP.mass * np.linalg.norm(y[3:6])
    # Backward along x at (y, z) = aside: y x z = (0, z F, -y F) with F = -impulse.
    demand = np.array([0.0, -impulse * aside[1] / 5.8e4, impulse * aside[0] / 5.8e4])
    assert y[10:13] == pytest.approx(demand, abs=0.01 * np.linalg.norm(demand))
    assert np.linalg.norm(y[10:13]) / DEG == pytest.approx(0.03, abs=0.005)
