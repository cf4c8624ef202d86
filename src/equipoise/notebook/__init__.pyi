from .balances import Balance as Balance
from .balances import balance as balance
from .decisions import decide as decide
from .models import Model as Model
from .models import fit as fit
