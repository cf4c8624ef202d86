"""What indicators would have been worth: held against what came of the loans they warned of."""
