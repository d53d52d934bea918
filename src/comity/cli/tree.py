"""All commands in one table: name, one line for a person in a hurry, and where it is defined."""

from collections.abc import Mapping
from typing import Final

from comity.cli.lazy import Place

_LETTER: Final = {
    "export": Place("Our letter of introduction as a file.", "comity.cli.letters:export"),
    "show": Place(
        "What a counterpart's letter says, and the fingerprint to compare.",
        "comity.cli.letters:show",
    ),
    "accept": Place(
        "Ask two officials to accept a letter whose fingerprint was compared.",
        "comity.cli.letters:accept",
    ),
}
_OFFICIALS: Final = {
    "new": Place("Make a personal folder with an official's own keys.", "comity.cli.officials:new"),
    "add": Place("Make an official known to the node by their card.", "comity.cli.officials:add"),
    "list": Place("The officials this node knows.", "comity.cli.officials:listing"),
    "link": Place("A one-time link by which an official logs in.", "comity.cli.officials:link"),
    "enrol": Place("Make a person known who signs nothing.", "comity.cli.accounts:enrol"),
    "invite": Place("Invite an official to the site.", "comity.cli.accounts:invite"),
    "roles": Place("Set what an official may enter.", "comity.cli.accounts:set_roles"),
    "close": Place("Close an official's account.", "comity.cli.accounts:close"),
    "reopen": Place("Open a closed account again.", "comity.cli.accounts:reopen"),
    "powers": Place("Ask for full powers for an official.", "comity.cli.officials:powers"),
    "revoke": Place("Ask to end an official's full powers.", "comity.cli.officials:revoke"),
}
_PACKAGE: Final = {
    "offer": Place(
        "Stage a package: we give these if they give those.", "comity.cli.tabling:offer"
    ),
    "accept": Place(
        "Stage the acceptance of the counterpart's package.", "comity.cli.tabling:take"
    ),
}
_AGREEMENT: Final = {
    "import": Place("Look at what would be made of a text.", "comity.cli.drafting:look"),
    "draft": Place("Start an instrument from a text.", "comity.cli.drafting:draft"),
    "list": Place("The instruments of this node.", "comity.cli.agreements:listing"),
    "show": Place("One instrument, unit by unit.", "comity.cli.agreements:show"),
    "text": Place(
        "The text: clean, with brackets, or its fields.", "comity.cli.agreements:text_of"
    ),
    "talk": Place("Agree to talk about a tabled text.", "comity.cli.tabling:talk"),
    "accept": Place("Stage the acceptance of units.", "comity.cli.answering:accept"),
    "confirm": Place(
        "Stage the confirmation of what was accepted ad referendum.",
        "comity.cli.answering:confirm",
    ),
    "object": Place("Stage an objection to a unit.", "comity.cli.answering:object_to"),
    "reserve": Place("Stage a reserve on a unit.", "comity.cli.answering:reserve"),
    "lift": Place("Stage the lifting of our reserves.", "comity.cli.answering:lift"),
    "withdraw": Place("Stage the withdrawal of our wording.", "comity.cli.answering:withdraw"),
    "park": Place("Stage to leave units for later.", "comity.cli.answering:park"),
    "unpark": Place("Stage to take parked units up again.", "comity.cli.answering:unpark"),
    "reopen-unit": Place("Stage to reopen an agreed unit.", "comity.cli.answering:reopen_unit"),
    "explain": Place("Stage words of explanation beside a unit.", "comity.cli.answering:explain"),
    "counter": Place("Stage the changes of an edited text.", "comity.cli.tabling:counter"),
    "package": Place("Packages: all or nothing.", _PACKAGE),
    "staged": Place("What would be tabled.", "comity.cli.tabling:staged"),
    "unstage": Place("Drop what is staged.", "comity.cli.tabling:unstage"),
    "table": Place(
        "Table the draft, or what is staged: now it leaves.", "comity.cli.tabling:table_it"
    ),
    "reopen": Place("Reopen a text that both adopted.", "comity.cli.tabling:reopen"),
    "abandon": Place("Abandon an instrument that is not signed.", "comity.cli.tabling:abandon"),
    "adopt": Place("Ask a signatory to adopt the clean text.", "comity.cli.concluding:adopt"),
    "initial": Place("Ask a signatory to initial the text.", "comity.cli.concluding:initial"),
    "clear": Place("Clear this exact text for signature.", "comity.cli.concluding:clear"),
    "window": Place("Propose a signing window.", "comity.cli.concluding:window"),
    "ready": Place("Agree to the proposed signing window.", "comity.cli.concluding:ready"),
    "sign": Place("The signing request for one signatory.", "comity.cli.concluding:sign"),
    "suspend": Place("Ask to suspend the whole or some units.", "comity.cli.concluding:suspend"),
    "resume": Place("Ask to resume what is suspended.", "comity.cli.concluding:resume"),
}
_REDLINE: Final = {
    "set": Place("Set our private red lines for an instrument.", "comity.cli.redlines:replace"),
    "show": Place("Our private red lines, and where they fire.", "comity.cli.redlines:show"),
    "try": Place("Where red lines would fire now; none is set.", "comity.cli.redlines:try_lines"),
    "add": Place("Add red lines to those that there are.", "comity.cli.redlines:add"),
    "drop": Place("Take one red line away.", "comity.cli.redlines:drop"),
    "deviate": Place("Let one red line pass for one unit.", "comity.cli.redlines:deviate"),
}
_REQUESTS: Final = {
    "list": Place("What waits for a personal signature.", "comity.cli.requests:listing"),
    "show": Place("One signing request, as a file for its signer.", "comity.cli.requests:show"),
    "drop": Place("Drop a request that is not settled.", "comity.cli.requests:drop"),
}
_SHARE: Final = {
    "add": Place("Bring a file into the node.", "comity.cli.sharing:add"),
    "check": Place("May I send this?", "comity.cli.sharing:check"),
    "offer": Place("Ask the release officer to release an item.", "comity.cli.sharing:offer"),
    "cancel": Place("Take that back before it is decided.", "comity.cli.sharing:cancel"),
    "waiting": Place("What waits for the release officer.", "comity.cli.sharing:waiting"),
    "decline": Place("Decline a release, and say why.", "comity.cli.sharing:decline"),
    "release": Place("Release an item to a counterpart.", "comity.cli.sharing:release"),
    "withdraw": Place("Withdraw a release.", "comity.cli.sharing:withdraw"),
    "list": Place("Our items, and what is released to whom.", "comity.cli.sharing:listing"),
}
_TRANSFERS: Final = {
    "list": Place("Transfers, in and out.", "comity.cli.receiving:listing"),
    "show": Place("One transfer with its ruling.", "comity.cli.receiving:show"),
    "suspend": Place("Pause a running transfer.", "comity.cli.receiving:suspend"),
    "resume": Place("Go on with a transfer we paused.", "comity.cli.receiving:resume"),
    "terminate": Place("End a transfer for good.", "comity.cli.receiving:terminate"),
}
_CONTROLS: Final = {
    "list": Place("Items that are classified.", "comity.cli.controls:listing"),
    "classify": Place("Enter the class of an item of ours.", "comity.cli.controls:classify"),
    "declassify": Place("Enter that it is controlled no more.", "comity.cli.controls:declassify"),
}
_AUTHORISATIONS: Final = {
    "list": Place("Authorisations, and how they stand.", "comity.cli.authorisations:listing"),
    "show": Place("All facts of one.", "comity.cli.authorisations:show"),
    "request": Place("Ask for one.", "comity.cli.authorisations:request"),
    "withdraw": Place("Take back what we asked for.", "comity.cli.authorisations:withdraw"),
    "review": Place("Which authority has it.", "comity.cli.authorisations:review"),
    "approve": Place("Enter the decision for it.", "comity.cli.authorisations:approve"),
    "deny": Place("Enter the decision against it.", "comity.cli.authorisations:deny"),
    "return": Place("Enter that it came back.", "comity.cli.authorisations:send_back"),
    "assure": Place("Give the assurance that was asked.", "comity.cli.authorisations:assure"),
    "accept": Place("Accept the provisos.", "comity.cli.authorisations:accept"),
    "decline": Place("Decline the decision.", "comity.cli.authorisations:decline"),
    "amend": Place("Ask for an amendment.", "comity.cli.authorisations:amend"),
    "suspend": Place("Stop it at both ends.", "comity.cli.authorisations:suspend"),
    "resume": Place("Let it go on.", "comity.cli.authorisations:resume"),
    "revoke": Place("End it for good.", "comity.cli.authorisations:revoke"),
    "dispose": Place(
        "Say that what came is returned or destroyed.", "comity.cli.authorisations:dispose"
    ),
    "report": Place("Report what was counted.", "comity.cli.authorisations:report"),
}
_RETRANSFERS: Final = {
    "list": Place("What is asked about passing on.", "comity.cli.controls:asked"),
    "show": Place("One question, and what was said of it.", "comity.cli.controls:show_asked"),
    "request": Place("Ask for consent to pass on.", "comity.cli.controls:ask"),
    "grant": Place("Consent.", "comity.cli.controls:grant"),
    "refuse": Place("Refuse consent.", "comity.cli.controls:refuse"),
    "return": Place("Send it back for more.", "comity.cli.controls:give_back"),
    "again": Place("Ask again.", "comity.cli.controls:again"),
    "withdraw": Place("Take back what we asked.", "comity.cli.controls:take_back"),
    "use": Place("Say that it went on.", "comity.cli.controls:use"),
    "close": Place("Close it.", "comity.cli.controls:close"),
}
_ENDCHECKS: Final = {
    "list": Place("End-use checks.", "comity.cli.controls:checks"),
    "show": Place("One check, and what was said of it.", "comity.cli.controls:show_check"),
    "request": Place("Ask for one.", "comity.cli.controls:check"),
    "arrange": Place("Say when and where.", "comity.cli.controls:arrange"),
    "done": Place("Say what was seen.", "comity.cli.controls:done"),
    "conclude": Place("Say what it comes to.", "comity.cli.controls:conclude"),
    "follow-up": Place("Say what is still to be done.", "comity.cli.controls:follow_up"),
    "withdraw": Place("Take back what we asked.", "comity.cli.controls:drop"),
}
_COMMITMENTS: Final = {
    "list": Place("Who owes what until when.", "comity.cli.commitments:listing"),
    "show": Place("One commitment, and what was said of it.", "comity.cli.commitments:show"),
    "propose": Place("Propose one under an article in force.", "comity.cli.commitments:propose"),
    "accept": Place("Accept one as it was proposed.", "comity.cli.commitments:accept"),
    "decline": Place("Decline a proposed one.", "comity.cli.commitments:decline"),
    "withdraw": Place("Take back a proposal without answer.", "comity.cli.commitments:withdraw"),
    "progress": Place("Say how it goes, as its performer.", "comity.cli.commitments:progress"),
    "claim": Place("Claim that it is fulfilled.", "comity.cli.commitments:claim"),
    "acknowledge": Place("Say what a claim comes to.", "comity.cli.commitments:acknowledge"),
    "dispute": Place("Dispute a claim.", "comity.cli.commitments:dispute"),
    "redate": Place("Ask for another due date, or agree to it.", "comity.cli.commitments:redate"),
    "release": Place("Release the performer from it.", "comity.cli.commitments:release"),
    "fail": Place("Find that it was not kept.", "comity.cli.commitments:fail"),
    "recall": Place("Take back what does not count yet.", "comity.cli.commitments:recall"),
}
_PROJECTS: Final = {
    "list": Place("Projects, and whose act comes next.", "comity.cli.projects:listing"),
    "show": Place("One project, part by part.", "comity.cli.projects:show"),
    "propose": Place("Propose one under an article in force.", "comity.cli.projects:propose"),
    "explore": Place("Answer that we explore it.", "comity.cli.projects:explore"),
    "decline": Place("Decline a proposed one.", "comity.cli.projects:decline"),
    "withdraw": Place("Take back a proposal without answer.", "comity.cli.projects:withdraw"),
    "name": Place("Name sponsor and user on our side.", "comity.cli.projects:name_people"),
    "intend": Place("Sign the statement of intent.", "comity.cli.projects:intend"),
    "sheet": Place("Enter our exportability sheet.", "comity.cli.projects:sheet"),
    "disclosure": Place("What we may disclose; private.", "comity.cli.projects:disclosure"),
    "set-disclosure": Place(
        "Set what we may disclose; private.", "comity.cli.projects:set_disclosure"
    ),
    "arrange": Place("Name the project arrangement.", "comity.cli.projects:arrange"),
    "plan": Place("Put up a plan.", "comity.cli.projects:plan"),
    "agree-plan": Place("Agree to the plan put up.", "comity.cli.project_work:agree_plan"),
    "approve": Place("Approve arrangement and plan.", "comity.cli.project_work:approve"),
    "start": Place("Begin the work.", "comity.cli.project_work:start"),
    "pause": Place("Pause the work.", "comity.cli.project_work:pause"),
    "resume": Place("Take the work up again.", "comity.cli.project_work:resume"),
    "claim": Place("Claim that a milestone is reached.", "comity.cli.project_work:claim"),
    "accept": Place("Accept the claim of a milestone.", "comity.cli.project_work:accept"),
    "reject": Place("Reject the claim of a milestone.", "comity.cli.project_work:reject"),
    "lend": Place("Lend something to the other side.", "comity.cli.project_work:lend"),
    "receive": Place("Say that what was lent arrived.", "comity.cli.project_work:receive"),
    "give-back": Place("Say that it is on its way back.", "comity.cli.project_work:give_back"),
    "take-back": Place("Say that what we lent is back.", "comity.cli.project_work:take_back"),
    "write-off": Place("Give up what we lent.", "comity.cli.project_work:write_off"),
    "enter": Place("Enter background or foreground.", "comity.cli.project_work:enter"),
    "confirm": Place("Confirm a foreground item of theirs.", "comity.cli.project_work:confirm"),
    "strike": Place("Strike an entry of ours.", "comity.cli.project_work:strike"),
    "wind-up": Place("Begin to close it.", "comity.cli.project_work:wind_up"),
    "close": Place("Close it.", "comity.cli.project_work:close"),
    "hand-over": Place("Hand the result over.", "comity.cli.project_work:hand_over"),
    "abandon": Place("Abandon it; counts with both.", "comity.cli.project_work:abandon"),
    "notice": Place("Give notice that we leave.", "comity.cli.project_work:notice"),
    "leave": Place("Leave, after notice.", "comity.cli.project_work:leave"),
    "recall": Place("Take back what does not count yet.", "comity.cli.project_work:recall"),
    "remark": Place("Say how it goes.", "comity.cli.project_work:remark"),
}
_STATEMENTS: Final = {
    "list": Place("Joint statements, and how they stand.", "comity.cli.statements:listing"),
    "show": Place("One statement with all that was said.", "comity.cli.statements:show"),
    "begin": Place("Begin one under an article in force.", "comity.cli.statements:begin"),
    "text": Place("Say which texts it has.", "comity.cli.statements:text_of"),
    "mark": Place("Mark sentences; some commit.", "comity.cli.statements:mark_them"),
    "clear": Place("Clear it, as press or legal people.", "comity.cli.statements:clear"),
    "unclear": Place("Take a clearance back.", "comity.cli.statements:unclear"),
    "order": Place("Order its release at a time.", "comity.cli.statements:order"),
    "pull": Place("Pull it: it is not released.", "comity.cli.statements:pull"),
    "release": Place("Release it for our side.", "comity.cli.statements:release"),
    "page": Place("The signed page, for anyone to verify.", "comity.cli.statements:page"),
    "erratum": Place("Ask for an erratum.", "comity.cli.statements:erratum"),
    "accept": Place("Accept their erratum.", "comity.cli.statements:accept"),
    "recall": Place("Take back what does not count yet.", "comity.cli.statements:recall"),
    "readout": Place("Issue a read-out of our own.", "comity.cli.statements:readout"),
    "departs": Place("Where a read-out departs from it.", "comity.cli.statements:departs"),
}
_BODIES: Final = {
    "list": Place("The bodies in which both meet.", "comity.cli.bodies:listing"),
    "show": Place("One body: co-chairs, parts, meetings.", "comity.cli.bodies:show"),
    "propose": Place("Propose one under an article in force.", "comity.cli.bodies:propose"),
    "accept": Place("Accept one and name our co-chair.", "comity.cli.bodies:accept"),
    "decline": Place("Decline a proposed one.", "comity.cli.bodies:decline"),
    "withdraw": Place("Take back a proposal without answer.", "comity.cli.bodies:withdraw"),
    "appoint": Place("Name another co-chair of ours.", "comity.cli.bodies:appoint"),
    "terms": Place("Name its terms of reference; both must.", "comity.cli.bodies:terms"),
    "wind-up": Place("Wind one up; both must say so.", "comity.cli.bodies:wind_up"),
}
_MEETINGS: Final = {
    "list": Place("Meetings, and how they stand.", "comity.cli.meetings:listing"),
    "show": Place("One meeting with all that was said.", "comity.cli.meetings:show"),
    "propose": Place("Propose a time and place.", "comity.cli.meetings:propose"),
    "counter": Place("Propose another time or place.", "comity.cli.meetings:counter"),
    "confirm": Place("Confirm what was proposed last.", "comity.cli.meetings:confirm"),
    "decline": Place("Decline a proposed meeting.", "comity.cli.meetings:decline"),
    "postpone": Place("Postpone a confirmed meeting.", "comity.cli.meetings:postpone"),
    "cancel": Place("Cancel a meeting.", "comity.cli.meetings:cancel"),
    "add": Place("Add an item to the agenda.", "comity.cli.meetings:add"),
    "consent": Place("Consent to an item they raised.", "comity.cli.meetings:consent"),
    "drop": Place("Drop an item we raised.", "comity.cli.meetings:drop"),
    "agree": Place("Agree to the agenda as it is.", "comity.cli.meetings:agree"),
    "attend": Place("Say who takes part for us.", "comity.cli.meetings:attend"),
    "open": Place("Open it, with the other side.", "comity.cli.meetings:open_it"),
    "outcome": Place("Write down what came of an item.", "comity.cli.minutes:outcome"),
    "retract": Place("Take back an outcome of ours.", "comity.cli.minutes:retract"),
    "concur": Place("Concur in an outcome of theirs.", "comity.cli.minutes:concur"),
    "adjourn": Place("Adjourn it, with the other side.", "comity.cli.meetings:adjourn"),
    "close": Place("Close it, with the other side.", "comity.cli.meetings:close"),
    "recall": Place("Take back what does not count yet.", "comity.cli.meetings:recall"),
    "commit": Place("Propose what an outcome commits to.", "comity.cli.minutes:commit"),
    "draft": Place("Draft the record, as the host.", "comity.cli.minutes:draft"),
    "version": Place("Our own text of an item.", "comity.cli.minutes:version"),
    "take": Place("Take their text of an item.", "comity.cli.minutes:take"),
    "seal": Place("Agree to the record as it is.", "comity.cli.minutes:seal"),
    "note": Place("Keep a private note on an item.", "comity.cli.minutes:note"),
    "notes": Place("Our private notes.", "comity.cli.minutes:notes"),
    "calendar": Place("A file for your calendar program.", "comity.cli.minutes:calendar"),
    "answer": Place("Read a calendar program's answer.", "comity.cli.minutes:answer_of"),
    "answers": Place("Answers that wait for you.", "comity.cli.minutes:answers"),
    "do-answer": Place("Do what an answer says.", "comity.cli.minutes:do_answer"),
    "drop-answer": Place("Throw an answer away.", "comity.cli.minutes:drop_answer"),
    "feed": Place("A feed for your calendar program.", "comity.cli.minutes:feed"),
}
_RELATIONSHIP: Final = {
    "show": Place("Clock, measures, open matters.", "comity.cli.relationship:show"),
    "timeline": Place("What happened between the two.", "comity.cli.relationship:timeline"),
}
_RECORD: Final = {
    "show": Place("Both logs: sizes, and who cosigned when.", "comity.cli.records:show"),
    "entries": Place("The entries of one log.", "comity.cli.records:entries"),
    "recover": Place("Get our own entries back after a restore.", "comity.cli.records:recover"),
    "rulings": Place("What our node permitted and refused.", "comity.cli.records:rulings"),
    "replay": Place(
        "Rebuild the state from both logs and compare it.", "comity.cli.records:replay"
    ),
}
_EVIDENCE: Final = {
    "agreement": Place("Evidence of an agreement, as one archive.", "comity.cli.proof:agreement"),
    "transfer": Place("Evidence of a transfer, as one archive.", "comity.cli.proof:transfer"),
}

_CONNECTORS: Final = {
    "ours": Place("What others need to register ours.", "comity.cli.connectors:ours"),
    "list": Place("The registered connectors.", "comity.cli.connectors:listing"),
    "show": Place("One of them, and what is under way.", "comity.cli.connectors:show"),
    "register": Place("Propose to register one.", "comity.cli.connectors:register"),
    "change": Place("Propose to change a registration.", "comity.cli.connectors:change"),
    "proposals": Place("What waits for a second person.", "comity.cli.connectors:proposals"),
    "confirm": Place("Confirm what another proposed.", "comity.cli.connectors:confirm"),
    "refuse": Place("Refuse a proposed registration.", "comity.cli.connectors:refuse"),
    "suspend": Place("Suspend all that a registration permits.", "comity.cli.connectors:suspend"),
    "resume": Place("Resume a suspended registration.", "comity.cli.connectors:resume"),
    "catalogue": Place("What one offers us at this moment.", "comity.cli.connectors:catalogue"),
    "offered": Place("What we offer, and to whom.", "comity.cli.connectors:offered"),
    "release": Place("Release an item of ours to one.", "comity.cli.connectors:release"),
    "withdraw": Place("Withdraw an item from all of them.", "comity.cli.connectors:withdraw"),
    "contracts": Place("The contracts with them.", "comity.cli.connectors:contracts"),
}
_EXCHANGES: Final = {
    "list": Place("All of them, what moved last first.", "comity.cli.exchanges:listing"),
    "show": Place("Where one stands, and who must act.", "comity.cli.exchanges:show"),
    "inbox": Place("What waits for a person of ours, and why.", "comity.cli.exchanges:inbox"),
    "act": Place("Go on in one, or end it.", "comity.cli.exchanges:act"),
    "counter": Place("Answer an offer with other rules.", "comity.cli.exchanges:counter"),
    "negotiate": Place("Ask a connector for a contract.", "comity.cli.exchanges:negotiate"),
    "transfer": Place("Ask for the data of a contract.", "comity.cli.exchanges:transfer"),
    "get": Place("Write the file that came by a transfer.", "comity.cli.exchanges:get"),
}
_PLAYBOOK: Final = {
    "show": Place("The rules, as sentences or as text.", "comity.cli.playbook:show"),
    "set": Place("Set the rules from a file.", "comity.cli.playbook:replace"),
    "simulate": Place("What rules would do now; nothing is done.", "comity.cli.playbook:simulate"),
}

_CONFORMANCE: Final = {
    "serve": Place(
        "Serve a node of purpose conformance from a profile.", "comity.cli.conformance:serve"
    ),
}

_MAIL: Final = {
    "show": Place("Whether and how mail is sent.", "comity.cli.mail:show"),
    "set": Place("Name the house's mail relay.", "comity.cli.mail:set_relay"),
    "off": Place("Send no mail any more.", "comity.cli.mail:off"),
}

TREE: Final[Mapping[str, Place]] = {
    "init": Place("Make a party: folder, keys, identity.", "comity.cli.founding:init"),
    "serve": Place("Run the party's node until it is stopped.", "comity.cli.founding:serve"),
    "status": Place("What waits for whom, and why.", "comity.cli.overview:status"),
    "dates": Place("What falls due, also for your calendar.", "comity.cli.due:dates"),
    "letter": Place("Letters of introduction: how two parties meet.", _LETTER),
    "officials": Place("Officials, their roles and full powers.", _OFFICIALS),
    "agreement": Place("Drafting, negotiating and concluding agreements.", _AGREEMENT),
    "redline": Place("Our private red lines; no one else learns of them.", _REDLINE),
    "requests": Place("Signing requests that wait for a person.", _REQUESTS),
    "sign": Place("Sign a request with your own keys; needs no node.", "comity.cli.signing:sign"),
    "deliver": Place("Hand a signature file to the node.", "comity.cli.requests:deliver"),
    "share": Place("Files we may share, and their release.", _SHARE),
    "catalogue": Place("What a counterpart released to us.", "comity.cli.receiving:catalogue"),
    "fetch": Place("Contract a dataset and pull its file.", "comity.cli.receiving:fetch"),
    "transfers": Place("Transfers, in and out.", _TRANSFERS),
    "connectors": Place("Connectors of others that we registered.", _CONNECTORS),
    "exchanges": Place("Negotiations and transfers with connectors.", _EXCHANGES),
    "playbook": Place("What our node does by itself with connectors.", _PLAYBOOK),
    "bodies": Place("The groups in which both parties meet.", _BODIES),
    "meetings": Place("Meetings, their agenda and record.", _MEETINGS),
    "statements": Place("Joint statements, cleared and released.", _STATEMENTS),
    "commitments": Place("Who owes what to whom until when.", _COMMITMENTS),
    "mail": Place("Meetings by mail to our own people.", _MAIL),
    "projects": Place("Joint projects, from proposal to closing.", _PROJECTS),
    "controls": Place("Items that export control touches.", _CONTROLS),
    "authorisations": Place("Under what they may cross.", _AUTHORISATIONS),
    "retransfers": Place("Consent to pass on what was received.", _RETRANSFERS),
    "endchecks": Place("Looking at the use of what crossed.", _ENDCHECKS),
    "relationship": Place("How it stands between the two.", _RELATIONSHIP),
    "record": Place("The record of a relationship.", _RECORD),
    "evidence": Place("Evidence that stands without the nodes.", _EVIDENCE),
    "verify": Place("Verify evidence offline, without any node.", "comity.cli.proof:verify"),
    "conformance": Place("Nodes for conformance tests, on this machine alone.", _CONFORMANCE),
    "demo": Place("Watch two parties live through an agreement.", "comity.cli.demonstration:demo"),
    "health": Place("How the node itself is.", "comity.cli.overview:health"),
    "completion": Place("Shell completion for bash, zsh, fish.", "comity.cli.shell:completion"),
}
