"""One module a family of services; each has a mapping from resource type to pricing function."""
