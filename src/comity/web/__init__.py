"""The officials' site: server-rendered pages over the operations of the node.

A page holds no rule: it asks operations and shows what they answer, and whatever an operation
refuses, the page shows at its place with everything that was typed. Without JavaScript all of it
works. How a page is written stands in the README beside this file. Source: design 10, 13.15.
"""
