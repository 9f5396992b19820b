"""Air density: US76, NRLMSISE-00, and the table that joins them."""
