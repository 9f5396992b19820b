"""Landing windows: every pass beside the landing sites, for each kind of return, judged by the landing rules."""
