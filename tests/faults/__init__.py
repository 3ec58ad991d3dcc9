"""Parts of a cluster die, freeze and lie while real providers edit: what was acknowledged is there afterwards."""
