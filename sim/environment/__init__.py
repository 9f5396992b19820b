"""Where a craft flies: gravity, Earth orientation, Sun, Moon, air, sites, in tables made once."""
