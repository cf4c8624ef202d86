"""The journey as an event log has it: funnel, process map, versions, and what a change gains."""
