"""The footprint of an entry that was flown: it holds what the guidance reached, and ends where the load does."""

from __future__ import annotations

import numpy as np

from sim.core.flight import recorded
from sim.core.return_record import DescentRecord, EntryRecord
from sim.export.landing import distance_km


def inside(latitude: float, longitude: float, edge: np.ndarray) -> bool:
    """Whether a place lies in a polygon (n, 2) of latitude and longitude: by the crossings of a ray."""
    y, x = edge[:-1].T
    y1, x1 = edge[1:].T
    between = (y > latitude) != (y1 > latitude)
    with np.errstate(divide="ignore", invalid="ignore"):
        right = longitude < x + (latitude - y) / (y1 - y) * (x1 - x)
    return bool(np.count_nonzero(between & right) % 2)


def test_the_footprint_holds_the_site_and_where_the_parachutes_opened(pakistan):
    record = recorded(pakistan.leg("entry"), EntryRecord)
    reach, site = record.footprint, record.site
    edge = np.column_stack([reach.edge_latitude_deg, reach.edge_longitude_deg])
    assert (edge[0] == edge[-1]).all() and len(edge) > 12
    assert inside(site.latitude_deg, site.longitude_deg, edge)
    assert inside(float(record.entry.latitude_deg[-1]), float(record.entry.longitude_deg[-1]), edge)
    assert not inside(reach.ballistic_latitude_deg, reach.ballistic_longitude_deg, edge)


def test_load_and_range_follow_the_bank(pakistan):
    """More bank, more load and less range; both sides alike; a ballistic entry has the 8 to 9 g that are published."""
    record = recorded(pakistan.leg("entry"), EntryRecord)
    reach, entry = record.footprint, record.entry
    start = float(entry.latitude_deg[0]), float(entry.longitude_deg[0])
    reached = [distance_km(*start, a, b) for a, b in zip(reach.latitude_deg, reach.longitude_deg, strict=True)]
    right = reach.bank_deg >= 0.0
    assert (np.diff(reach.peak_load_g[right]) > 0.0).all() and (np.diff(np.array(reached)[right]) < 0.0).all()
    by_bank = dict(zip(reach.bank_deg.tolist(), reach.peak_load_g.tolist(), strict=True))
    assert all(abs(by_bank[bank] / by_bank[-bank] - 1.0) < 0.05 for bank in by_bank if -bank in by_bank and bank > 0.0)
    assert 8.0 < reach.ballistic_load_g < 9.0
    assert by_bank[0.0] < reach.load_limit_g < by_bank[180.0]


def test_the_ellipse_lies_along_the_ground_track_of_the_entry(pakistan):
    """Over Dongfeng, near the northern end of the orbit, the track leads east."""
    ellipse = recorded(pakistan.leg("descent"), DescentRecord).ellipse
    assert ellipse.along_km == 15.0 and ellipse.across_km == 7.5 and 70.0 < ellipse.heading_deg < 110.0
