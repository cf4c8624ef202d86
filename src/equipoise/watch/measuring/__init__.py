"""From rows to sums: what each indicator counted in each period."""
