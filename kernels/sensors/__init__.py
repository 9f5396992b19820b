"""What is measured and what is estimated from it: sensors, filters, navigation."""
