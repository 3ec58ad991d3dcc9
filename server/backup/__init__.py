"""Everything a server holds, in one file, and back again on either database."""
