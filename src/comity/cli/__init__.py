"""The command line: a door for officials who like to type, and for scripts.

It holds no rule: a command asks the node of a party's folder through the officials' API and prints
the answer in plain words, or as one JSON object. Only what needs no node is done here: making a
folder or a personal folder, looking at a text, signing, verifying.

* ``main``: the root, its options, what becomes of errors. ``tree``: the table of all commands.
* ``lazy``: commands that are loaded when they are used. ``desk``: folder, node, output;
  ``settings``: what the options say that every command takes.
* ``words``: names of states in plain words. ``files``: the user's files. What a person is asked to
  sign is checked anew from its bytes by ``agreements.asked``.
"""
