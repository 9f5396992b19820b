"""A flight written down for other programs: JSON, CSV, CCSDS OEM, and the manifest. No pictures, no matplotlib."""
