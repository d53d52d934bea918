"""The officials' API: a table of operations, typed requests, and the HTTP around them.

Doors hold no rules: an operation names its path, its request and the roles that may call it; what
it does stands in ``node``. The same table gives the routes, the OpenAPI document and the client's
calls.
"""
