import sys

from comity.sdk import Comity

node = Comity.from_folder(sys.argv[1], as_="negotiator")
print("What waits for us:")
for line in node.status()["waiting"]:
    if line["who"] != "them":
        print("-", line["what"])
for agreement in node.each("agreements"):
    print(agreement["title"], "is", agreement["status"])
