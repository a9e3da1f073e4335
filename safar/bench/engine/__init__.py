"""The engine against the floor (the same row writes, no logic), against one transaction a step, and two engines against one."""
