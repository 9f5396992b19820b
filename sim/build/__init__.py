"""From files, in the user's units, to a mission in SI: the only room that knows both."""
