"""An independent DHCPv6 failover partner (RFC 8156), in Python's standard library, with a codec of its own.

It was written from the rules of the RFC alone, without a look at Tandem's code, so that two readings of the same
text meet on the wire. `python3 -m partner` (from the folder `e2e`) prints what it can do.
"""
