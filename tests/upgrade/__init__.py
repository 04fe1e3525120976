"""A gateway that is restarted under load: nothing refused, nothing lost, nothing doubled."""
