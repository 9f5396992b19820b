"""The week aboard: what the crew does when, planned from the forecast and checked against the flight."""
