"""Agreement between bodies: rounds on one exact revision, positions, deadlines, staleness, papers, the seal."""
