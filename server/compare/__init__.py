"""What changed between two texts of an act: the pure core of the comparison, and its views as data and HTML."""
