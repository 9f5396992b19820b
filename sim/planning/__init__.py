"""When a mission can fly: launch windows and docking windows."""
