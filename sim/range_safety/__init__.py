"""What an ascent is watched for: impact points, falling stages, ways to escape, published times, who can see it."""
