from equipoise.notebook.balances import Balance, balance
from equipoise.notebook.decisions import decide
from equipoise.notebook.models import Model, fit

__all__ = ["Balance", "Model", "balance", "decide", "fit"]
