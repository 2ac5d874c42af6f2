"""Erasure of people who ask for it, from everything that the platform keeps on AWS (Regulation (EU) 2016/679, Art. 17).

`register` holds the requests, `job` carries out all that are open in one pass, `zones` takes people out of objects and
their old versions, `tables` out of Iceberg tables, `features` out of the online store, `models` marks what learned
from them, `evidence` tells what was done without telling of whom.
"""
