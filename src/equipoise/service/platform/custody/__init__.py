"""Which secrets a database needs: their fingerprints, held against what each process is given.

A start whose secrets do not fit is refused, for it would read nothing of before and seal what is
new under keys that nothing else has.
"""
