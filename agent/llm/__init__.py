"""The language-model planner: LangChain inside hard limits; it can only call the toolbox and submit a typed draft."""
