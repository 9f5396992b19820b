"""The flight rules near the station: its zones, how a leg is judged by them, and the drift after a burn that failed."""
