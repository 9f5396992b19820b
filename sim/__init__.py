"""tiangong-sim: a Tiangong crew rotation as one continuous state, from pad to landing."""

__version__ = "0.1.0"
