"""watch.yaml: who answers, the tables, the register of risks, the indicators, the duties."""
