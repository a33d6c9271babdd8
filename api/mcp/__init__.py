"""The planner's tools for outside assistants, over the Model Context Protocol."""
