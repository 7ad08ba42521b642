"""What each role may see of a plan: an agency its own, the Alliance numbers of groups that are large enough."""
