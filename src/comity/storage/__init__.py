"""Where a party's node keeps everything: the database, files, keys, the high-water mark.

What belongs to the outside world about keeping things stands here and nowhere else: no SQL and no
file format of a party folder outside this package. It holds no rule of an agreement or of the
record. Importing it loads no database library; ``Store.open`` does.

* ``store``: the database (``Store``, ``Tx``); one writer, group commit, snapshots for readers.
* ``folder``: the party folder and its lock. ``keyfiles``: node keys and personal folders.
* ``files``: payloads and large bodies. ``highwater``: what was signed, outside the database.

Source: design 9; record.md 7; dependencies.md 3.
"""
