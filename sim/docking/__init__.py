"""Final approach and docking in closed loop and six degrees of freedom: flight, contact, records."""
