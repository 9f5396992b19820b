"""The phases of a rotation, one file each. No phase imports another: the order is the mission's."""
