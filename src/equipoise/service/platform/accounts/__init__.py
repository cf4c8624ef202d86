"""Who people and programs are, and what they may do. Denied unless `permissions` says otherwise.

`permissions` (pure): roles, actions and the one table. `access.May(action)` guards an endpoint.
"""
