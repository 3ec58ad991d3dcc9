"""Comments beside the text, their threads, and the formal remarks that bodies send."""
