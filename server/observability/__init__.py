"""What a process says of itself: logs and metrics. Set-up, and the values everything else counts with."""
