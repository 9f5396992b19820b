"""A station's life over months: ships, ports, seats, crews and supplies of a programme, and the rules they keep."""
