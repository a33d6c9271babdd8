"""The planner's tools: one file each, pure over the gathered context, small JSON of aggregates out."""
