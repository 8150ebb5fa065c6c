# The officers' console. `{ $name }` stands for a value.
console = Subrosa desk
skip = To the content
languages = Language
lock = Lock
rooms = Rooms
room-queue = Cases
case-pages = Pages of this case
stranger =
    This desk was opened in another window, or this address was used before. The program on this machine prints a new
    address: press Enter in its terminal.
turned-away-host = This desk answers only at the address that it printed. Open that address.
turned-away-origin = This request comes from another page than the desk's own. Nothing was done.
turned-away-site = This request comes from another site than the desk's own. Nothing was done. Open the address anew.
turned-away-method = The desk shows pages and takes forms, and nothing else. Nothing was done.
keystore-cheap =
    The password of this keystore is cheap to guess: the file was sealed with less work than new ones ask for. Lock the
    desk, and seal the file anew: subrosa password --keystore { $file }
form-unreadable = The form could not be read. Nothing was done; go back and try again.
form-foreign =
    This form is not from this session: the desk was locked or opened anew since the page was made. Nothing was done.
    Open the page again.
form-problems = Nothing was done. Please look at this:

locked-title = The desk is locked
locked-lead = The password of this keystore opens it:
locked-password = Password
locked-open = Open
locked-note = While it is locked, no keys and nothing that was decrypted is in this program's memory.
locked-held = You were sending something when the desk locked. It is kept, and shown again when you are in.
book-aside = The desk's own notes (log of readings, drafts, views) could not be opened and were set aside under the
    ending .unreadable. A new book was begun.

fetch-now = Fetch
fetch-look-again = Look again
fetch-never = Nothing was fetched yet.
fetch-last = Last fetched { $time }.
fetch-last-without =
    { $n ->
        [one] Last fetched { $time }. One case could not be read then.
       *[other] Last fetched { $time }. { $n } cases could not be read then.
    }
fetch-done = Fetched.
fetch-failed = Fetching stopped.
fetch-charter = Checking the charter …
fetch-keys = Putting keys on offer …
fetch-board = Reading the board …
fetch-log = Checking that the public log continues …
fetch-filing = Writing what came in into the journals …
fetch-outbox = Sending what waits …
fetch-cases = Reading the cases …
fetch-problem =
    What went wrong: { $why } What was fetched before is shown below and nothing was lost. Fetch again when the server
    can be reached.

filters = Filter
filter-all = all
filter-state = State
filter-clock = Deadline
filter-assigned = Assigned to
filter-regime = Regime
filter-tag = Tag
filter-running = all that run
filter-to-sign = waiting for a signature
filter-overdue = overdue
filter-soon = due within a week
filter-breached = missed or late
filter-me = me
filter-nobody = nobody
filter-go = Show
filter-reset = Show all
views = Saved views
pages = Pages of the list
choose-case = Choose case
bulk-legend = With the chosen cases
bulk-go = Do it for all chosen
queue-count =
    { $all ->
        [one] { $shown } of 1 case
       *[other] { $shown } of { $all } cases
    }
queue-empty = No cases yet. Tips appear here when the epoch in which they were filed closes; Fetch looks for new ones.
queue-not-fetched = Nothing was fetched yet. Press Fetch, or wait until the fetch under way is done.
queue-no-match = No case fits these filters. Show all, or choose others.
assigned-nobody = not assigned
chip-waiting = { $n } to sign
chip-retaliation = retaliation risk { $n }
chip-hold = legal hold
chip-turn-key = key must turn
chip-recused = you are recused
recalled =
    The server could not be reached since you opened this desk. You see your cases as they were at the last visit; what
    you decide waits until the server is back.
case-untitled = Case without a readable tip
sealed-title = Report through the sealed intake
sealed-code = Receipt code of the sealed intake

state-empty = not readable
state-received = received
state-triage = in triage
state-needs-info = waiting for the source
state-accepted = accepted
state-investigating = under investigation
state-referred = referred
state-substantiated = substantiated
state-claim-open = claim open
state-award-proposed = award proposed
state-contested = contested
state-award-final = award final
state-paid = paid
state-closed = closed
state-purged = purged

role-triager = triager
role-investigator = investigator
role-adjudicator = adjudicator
role-finance = finance
role-none = takes tips in
role-unknown = roles not fetched yet

clock-acknowledge = Acknowledge
clock-feedback = Feedback
clock-in-time = { $clock }: done on { $day }
clock-late = { $clock }: done on { $day }, was due { $due }
clock-running = { $clock }: due { $due }
clock-overdue = { $clock }: overdue since { $due }
breach = { $clock } was due on { $due } and was missed; seen on { $seen }. It is recorded and stops nothing.

problem-title = This cannot be shown
no-such-page = There is no such page on this desk.
no-such-case = There is no such case on this desk.
case-purged-here = This case was purged. Nothing of it is left on this desk.
case-not-read = This case's journal was not read yet. Press Fetch.
warn-turn-key =
    This case has just begun, or somebody left it. Its key must be turned before anything else can be written.
warn-recused =
    You have recused yourself from this case. What colleagues write after the key was turned, your keys cannot open.
warn-as-read-before =
    This case could not be read at the last visit: { $why } It is shown as it was read before. Fetch again later.
warn-declare =
    You have not declared that you have no conflict of interest with everything named in this case. Most steps need that
    first.
warn-contradicted =
    { $who } received another tip than the one that this case holds. Either the source wrote different things to
    different officers, or somebody altered it. Compare your copies before you decide anything.
warn-words-missing =
    Messages of the source are missing: { $numbers }. They may still be on their way, or whoever received them has kept
    them back.
warn-words-doubled =
    The source said two different things under one number: { $numbers }. An older state was shown to it, or somebody
    else has its twelve words.
fault-no-key = no key of generation { $generation } is at hand
fault-unreadable = the entry does not open at its place in the journal
passed-over = Entry { $n } does not count: { $why }
passed-over-refused = Entry { $n }, signed by { $who }, does not count: { $rule }

tab-overview = Overview
tab-thread = Thread
tab-evidence = Evidence
tab-checks = Checks
tab-people = People
tab-award = Award
tab-journal = Journal
thread-lead =
    Everything that the source and the team wrote to each other. What you write is signed and stands in the journal.
checks-lead = A check says whether the facts agree with the tip. It never proves anything.
people-lead = Whoever takes a step must first declare that they have no conflict of interest with anything named here.
journal-lead = Every entry, signed by its author and chained to the one before it.
award-contested = The source has contested the award; a panel without the proposer decides, or has decided.
evidence-lead = Independent origins: { $n }. A finding needs two, or the decision of an authority.

s-waiting = Waiting for a second signature
s-clocks = Legal clocks
s-facts = Where it stands
s-notes = Notes
s-thread = Conversation
s-checks = Machine checks
s-team = Team
s-entities = Named in this case
s-award = Award
s-formula = Formula
s-journal = Entries

sign-second-as = Look and sign second, as { $who }
signed-first = { $who } ({ $role }) signed first, { $time }
drop-own = Take it back
drop-other = Refuse it

not-triaged-yet = not set yet
not-assessed = not assessed yet
notes-none = No notes yet.
files = Files of the thread
files-none = The source sent no files.
evidence-items = Evidence
evidence-none = No evidence yet. Take in a file of the thread, or something from elsewhere by its digest.
checks-none = No check yet. It can run once triage has chosen a regime.
entities-none =
    Nobody and nothing is named yet. Name people, organisations and places, so that everybody can declare conflicts.
award-none = No award yet.
no-conversation = The source wrote to colleagues only: one of them must write to the source.
the-source = The source
declared-entities = { $n } named at that time
severity-n = severity { $n }
entry-n = entry { $n }
generation-n = generation { $n }
tag-on = put on: { $tag }
tag-off = taken off: { $tag }
handled-item = { $how }: item { $item }
eligible-yes = eligible
eligible-no = not eligible
date-odd = { $happened } (the entry is dated { $stated }, which cannot be)
does-not-count = does not count
yes = yes
no = no
digest-of-file = Compute it from a file on this machine:

kind-tip = tip
kind-message = message
kind-acknowledgement = acknowledgement
kind-question = question
kind-feedback = feedback
kind-reasons = reasons
kind-text = message
kind-notice = notice
told-state = The source is told where the case stands: { $state }.
kind-statement = signed statement
kind-other = another kind of message
source-withdraw = The source withdraws the tip.
source-consent-to-referral = The source agrees that the case is passed on.
source-reopen = The source wishes the case to be looked at again.
source-claim = The source claims the award.
source-accept-award = The source agrees with the amount of { $amount }.
source-contest = The source contests the award.
source-request-tokens = The source asks for the award's tokens.

act-accept = Accept the case
act-close = Close the case
act-refer = Pass it on to an authority
act-substantiate = Find it substantiated
act-close-unsubstantiated = Close it as not shown
act-finalize = Make the award final
act-deny = Deny the award
act-panel = Decide the contest as a panel
act-reopen = Open the case again
act-extend = Extend the time for feedback
act-hold = Begin a legal hold
act-release-hold = End the legal hold
act-purge = Purge the case
takes-two = takes two people
acts-not-now = Not possible now, and why

reason-out-of-scope = out of scope
reason-duplicate-of = duplicate of { $case }
reason-informative = good to know, no violation
reason-abusive = not a tip
reason-lapsed = no answer in time
reason-withdrawn = withdrawn by the source
reason-unsubstantiated = not shown
reason-no-claim = nobody claimed
reason-denied = award denied
verdict-consistent = consistent
verdict-inconsistent = inconsistent
verdict-indeterminate = indeterminate
because-indeterminate = No rule of the check speaks about these facts.
check-arithmetic = The arithmetic, step by step
check-given = given
check-in-force = in force on { $on }, since { $since }: { $source }
check-rule = rule
check-unknown = not known
check-numbers =
    { $n ->
        [one] 1 number
       *[other] { $n } numbers
    }
check-dates =
    { $n ->
        [one] 1 date
       *[other] { $n } dates
    }
check-items =
    { $n ->
        [one] 1 item
       *[other] { $n } items
    }
check-characters =
    { $n ->
        [one] 1 character
       *[other] { $n } characters
    }
accused-reply = Reply of the accused
accused-waiver = Not asked, because
visible-team = for the team
visible-adjudicators = for adjudicators
entity-person = person
entity-organisation = organisation
entity-place = place
handled-opened = opened
handled-exported = exported
handled-verified = digest verified
relation-duplicate-of = duplicate of
relation-corroborated-by = corroborated by
relation-related = related to
custody = Chain of custody
custody-taken = taken in
custody-derived = derived: item { $item }, { $name }
readers-n =
    { $n ->
        [one] 1 person received this version
       *[other] { $n } people received this version
    }
readers-few =
    { $n ->
        [one] 1 person received this version: never forward it, retell the facts
       *[other] { $n } people received this version: never forward it, retell the facts
    }
person-declared = no conflict declared
person-undeclared = not declared
person-recused = recused
person-investigates = investigates
person-assigned = has it
harm-h1 = slight
harm-h2 = serious
harm-h3 = grave
harm-h4 = catastrophic
realised-realised = it happened
realised-near-miss = it nearly happened
realised-latent = it could have happened

# A policy or a regime pack, by its title. The id is for comparing it with the charter.
of-version = { $title }, version { $version }
of-version-and-id = { $title }, version { $version } ({ $id })
policy-eu-pilot = European pilot
policy-sec-like = After the SEC's rules (United States)
policy-irs-like = After the IRS's rules (United States)
policy-hmrc-like = After HMRC's rules (United Kingdom)

f-state = State
f-since = Since
f-assigned = Assigned to
f-received = Received
f-regime = Regime
f-class = Violation class
f-jurisdiction = Jurisdiction
f-severity = Severity
f-retaliation = Retaliation risk
f-authority = Authority
f-packet = Digest of the packet
f-duty = Duty to pass on
f-closed = Closed
f-keep-until = Keep until
f-reason = Reason
f-reasons = Reasons
f-findings = Findings
f-award-ref = Public name of the award
f-budget = Budget
f-unreserved = Not reserved
f-amount = Amount
f-amount-signed = You sign for
f-sanction = Sanction collected
f-own-part = Part caused by the claimant
f-up = Factors that raise
f-down = Factors that lower
f-flop = Estimate of the run
f-threshold = Threshold in force
f-harm = Harm
f-interim = Paid before
f-origin = Origin
f-media = Kind and size
f-sha256 = SHA-256
f-derived-from = Derived from
f-readers = Readers
f-proposer = Proposed by
f-proposed-at = Proposed
f-policy = Policy
f-batch-digest = Digest of the source's blinded tokens
f-signed = Signed by
f-named = Named in this case
f-reference = Its reference
f-accepted = The source agrees
f-panel = A panel decided
f-reasons-sent = Reasons sent
f-batch = Blinded tokens are here
f-signatures = Signatures under the order
f-head = Head of the chain
f-official = Official acting in office
f-programme-staff = Staff of this programme, or of its household
f-compliance-too-early = Compliance or audit staff, too early after reporting inside
f-knowingly-false = Knew the report to be false
f-review = Legal review
f-rate = Rate of the sanction
f-a1 = A1, share of the sanction
f-a2 = A2, by computing
f-a3 = A3, by harm
f-gross = The larger of A1 and A2 + A3
f-cap = Cap of this case
col-when = When
col-who = Who
col-what = What
col-role = Role
col-entry = Entry
col-details = Details
col-file = File
col-size = Size
col-name = Name
col-roles = Roles
col-conflict = Conflict of interest
col-part = Part
col-kind = Kind
col-quantity = Quantity
col-formula = Formula
col-result = Result

event-received = Tip received
event-message-received = Message of the source
event-source-stated = Statement of the source
event-tip-contradicted = Received another tip
event-message-sent = Message to the source
event-conflict-denied = No conflict declared
event-recused = Recused
event-entity-named = Named
event-triage-opened = Triage opened
event-triage-set = Triage set
event-retaliation-assessed = Retaliation risk assessed
event-machine-checked = Machine check
event-investigation-opened = Investigation opened
event-investigator-joined = Investigator joined
event-evidence-added = Evidence taken in
event-evidence-handled = Evidence handled
event-accused-heard = Accused heard
event-authority-decided = Decision of an authority
event-proposed = Signed first
event-confirmed = Signed second
event-proposal-dropped = Decision dropped
event-claim-window-opened = Claim opened
event-claim-filed = Claim filed
event-claim-window-closed = Nobody claimed
event-award-proposed = Award proposed
event-token-request-received = Blinded tokens received
event-order-signed = Order signed
event-paid = Paid
event-assigned = Assigned
event-member-added = Joined the team
event-member-left = Left the programme
event-key-turned = Key turned
event-tagged = Tag
event-noted = Note
event-linked = Linked
event-disclosed = Told outside the team
event-detriment-noted = Retaliation diary
event-position-stated = Position of the source
position-insider = works or worked there
position-compliance = compliance or audit staff
position-outsider = learned of it otherwise

room-sign = To sign
room-search = Search
room-numbers = Numbers
room-readings = Readings
room-keys = Keys
said-done = Done. It stands in the journal, signed by you.
waiting-confirm = Second signature under the decision of entry { $n }
said-kept = The server cannot be reached. Your act is kept in your keystore and waits here.
said-dropped = Forgotten. It was not written into the journal.
room-waiting = Waiting
waiting-lead =
    What you do while the server cannot be reached is kept here, and is decided again on what the case has become by
    then. What a rule forbids by then stays here until you drop it.
waiting-none = Nothing waits. What you do while the server cannot be reached appears here.
waits-for-server = Waits for the server. Press Fetch when there is a connection.
waiting-drop = Drop this act
waiting-changed =
    The case says something else by now than what you were shown: this act will not be signed. Look at it again.
waiting-again = Look at it again
s-queued = Waiting
s-settled = Written since this desk was opened
settled-none = Nothing that waited was written since this desk was opened.
settled-entry = It stands in the journal as entry { $seq }.
settled-before = Before it, entry { $seq }
settled-order =
    Colleagues wrote to this case in between. The journal's order is the order in which entries reached the server; your
    act was decided again on these:
f-made-at = Made
f-seen = Entries known by then
see-case = See the case
said-view = The list of views was changed.
held-back = This is what you were sending when the desk locked. Nothing was done with it yet.
draft-back = This is a draft that was kept. Nothing was done with it yet.
no-such-act = There is no such act.
act-not-now = This is not possible now, or is done already.
act-failed = { $why } What you typed stands below. Press Fetch, look whether it has arrived, and then try again.
sign-as = Sign as { $who }
sign-second-now = Sign second, as { $who }
drop-now = Drop it, as { $who }
go-on = Go on: nothing is signed yet
go-back = Go back and change it
go-back-unsigned = Go back without signing
cancel = Leave it
confirm-signer = { $who }, as { $role }, signs: { $act }
drop-signer = { $who } drops: { $act }
confirm-one = Your signature stands in the journal and cannot be taken back.
confirm-two = Yours is one of two signatures. A second person must sign before it happens; until then it can be dropped.
confirm-second = With your signature the decision is taken. It cannot be taken back.
confirm-drop = The decision is dropped; it can be proposed again. The journal shows that you dropped it.
two-lead =
    This takes two different people. Here you sign first. It then waits under “To sign” on the others' desks, and a
    second person signs after all of it was shown.
f-first = First signature
sign-lead = Decisions of two people. What you can sign comes first.
sign-none = Nothing waits for your signature.
sign-none-others = Nothing waits for others.
s-mine = For you
s-others = For others
s-acts = What can be done

group-source = Writing to the source
group-intake = Intake
group-investigation = Investigation
group-award = Award
group-keeping = Keeping the case

act-acknowledge = Acknowledge
act-ask = Ask a question
act-feedback = Give feedback
act-reasons = Send reasons
act-write = Write a message
act-declare = Declare no conflict of interest
act-name = Name a person, organisation or place
act-open-triage = Begin triage
act-triage = Record triage's findings
act-risk = Assess the retaliation risk
act-check = Run the machine check
act-investigate = Begin the investigation
act-join = Join the investigation
act-evidence = Take in evidence
act-handle = Record what was done with evidence
act-accused = Record that the accused was heard
act-authority = Record an authority's decision
act-open-claim = Open the time for claims
act-file-claim = File the source's claim
act-close-claim = Close: nobody claimed
act-propose-award = Propose an award
act-sign-order = Sign the order to the administrators
act-deliver = Hand the order to the administrators
act-paid = Record that it is paid
act-assign = Assign
act-bring = Bring in a colleague
act-note = Write a note
act-tag = Tag
act-link = Link with another case
act-recuse = Recuse yourself

lead-acknowledge = The source learns that the tip has arrived. This stops the seven-day clock.
lead-ask =
    The case waits for the source until it answers; the legal clocks go on. The text is checked for words that could
    name the source.
lead-feedback = What was done or is planned. This stops the three-month clock.
lead-declare =
    You declare that you have no conflict of interest with anything named in this case. If you have one, recuse yourself
    instead.
lead-name = A new name asks everybody on the team again about conflicts of interest.
lead-risk = Five questions, from 0 (no) to 3 (certainly). The score counts a threat double.
lead-close = Once a second triager has signed, the case is closed.
lead-check = Fill in what is known and leave the rest empty. You see the arithmetic before anything is stored.
lead-investigate = From here on you investigate: you cannot propose the award later.
lead-evidence =
    A file of the thread, or something from elsewhere by its digest. Two items of one origin are not independent.
lead-refer = One investigator and one adjudicator sign. Without the source's signed consent, name the duty.
lead-open-claim = The notice is public and must not point to this case. The source has 90 days.
lead-file-claim = The source has signed a claim. Answer what you know about eligibility.
lead-propose-award = The formula of the policy gives the amount; you see the numbers before you sign.
lead-panel =
    The panel sits without whoever proposed the award. The formula gives the amount for the facts as you see them.
lead-finalize = The amount is reserved from the budget, and the source can ask for its tokens.
lead-sign-order = Two adjudicators sign over the source's own blinded tokens.
lead-purge = Everything readable is destroyed, on the server and here. The digests of evidence and tokens stay.
lead-recuse = You leave this case for good. After the key is turned, your keys open nothing that is written.
lead-bring =
    Your colleague joins the team of this case and is sent its keys, sealed to them alone. They read all of it, from the
    first word.

    Whoever has left the case for a conflict cannot come back. Somebody who is on the team but cannot open the case is
    sent the keys again.
lead-authority = With an authority's decision one origin of evidence is enough.

message-acknowledge =
    Thank you. Your report has arrived and we are looking at it. You will hear from us within three months. Come back
    with your twelve words to read our questions.
message-feedback = What we have done so far, and what we plan:
message-reasons = The reasons for our decision:

ask-text = Message
ask-entity = Name
ask-kind = What is it?
ask-class = Violation class
ask-jurisdiction = Jurisdiction
ask-severity = Severity
ask-guessable = Can the accused guess who reported?
ask-power = Has the accused power over the source's work?
ask-threatened = Was retaliation threatened, or has it happened?
ask-dependence = Does the source depend on the job (visa, family, sole earner)?
ask-few-knew = Do few people know what the tip says?
ask-close = Why?
ask-other = Other case
ask-on = Day of the act, whose thresholds apply
ask-file = File
ask-name = Name, if not the file's own
ask-sha256 = SHA-256 of the file, if it is not from the thread
ask-size = Length in bytes, if it is not from the thread
ask-media = Media type, if known
ask-origin = Where it comes from
ask-derived = Derived from
ask-readers = How many people received this exact version, if anybody knows
ask-item = Item
ask-how = What was done?
ask-heard = What is recorded?
ask-words = In words
ask-authority = Authority
ask-reference = Its reference
ask-sanction = Sanction collected, in euros
ask-own-part = Part of it that the claimant's own conduct caused, in euros
ask-up = Factors that raise the share
ask-down = Factors that lower the share
ask-flop = Estimate of the run, in operations
ask-threshold = Threshold in force when it was reported, in operations
ask-harm = Harm
ask-realised = How far did it come?
ask-interim = Paid before in this case, in euros
ask-packet = SHA-256 of the redacted packet
ask-duty = Duty that asks for it, without consent
ask-findings = Findings
ask-notice = Public notice
ask-official = Is the source an official acting in office?
ask-programme-staff = Is the source staff of this programme, or of its household?
ask-compliance-too-early = Compliance or audit staff less than 120 days after reporting inside?
ask-knowingly-false = Did the source know the report to be false?
ask-review = Legal review (state-owned enterprise, embargoed territory)
ask-policy = Policy
ask-reasons = Reasons
ask-holder = To whom?
ask-colleague = Colleague
bring-again = { $who } (on the team already; send the keys again)
ask-note = Note
ask-visibility = Shown to
ask-tag = Tag
ask-tagging = Put on or take off?
ask-relation = How do they belong together?
ask-reason = Reason
hint-jurisdiction = Two capital letters, such as DE, or EU
hint-origin = For example: the source; the power company; a public register
hint-flop = For example 3.0252e25
hint-threshold = For example 1e25
hint-readers = Below ten it is never forwarded
hint-derived = The sealed original of a sanitised copy
hint-number = A number in this unit, such as 16384 or 1e25; empty if not known
hint-list = One entry a line; empty if not known
hint-optional = Empty if not known
hint-sanction = 1400000 or 1,400,000.00; empty if there is none
hint-notice = Without name, place, time or anything else that points to this case
severity-1 = 1, slight
severity-2 = 2
severity-3 = 3
severity-4 = 4
severity-5 = 5, grave
scale-0 = 0, no
scale-1 = 1, perhaps
scale-2 = 2, likely
scale-3 = 3, certainly
reason-duplicate = duplicate of the case chosen below
file-elsewhere = from elsewhere, by its digest
derived-from-nothing = nothing: it is an original
other-none = none
harm-none = none
answer-no = no
answer-yes = yes
review-not-needed = not needed
review-passed = made, with a good outcome
review-failed = made, with a bad outcome
tagging-on = put on
tagging-off = take off
not-known = not known
declare-nobody = Nobody and nothing is named in this case yet.
s-thresholds = Thresholds of this pack
s-checklist = Evidence to look for in this regime
s-result = Result
look-for = Look for
verified = compared with the source
not-compared = not yet compared with the source
col-effective = Effective
col-source = Source
col-verified = Checked
wrong-empty = Please fill this in.
wrong-choice = Please choose one.
wrong-digest = A SHA-256 digest has 64 hexadecimal digits.
wrong-number = This is not a number that fits here.
wrong-date = This is not a day of the calendar. Write it as year-month-day, such as 2026-11-30.
wrong-only-with = This counts only together with “{ $field }”: give that too, or leave this as it was.
wrong-unused = This has no place beside your other answers: leave it empty, or change them.
amount-unreadable = “{ $text }” cannot be read as an amount. Write it plainly, for example 137,500.00 or 137500.00.
amount-ambiguous =
    “{ $text }” can be read as { $one } or as { $other }. Write it without separators and with both decimals,
    for example 137500.00.
amount-digits = “{ $text }” needs two digits of cents, or none at all: for example 137500.00 or 137500.
amount-zero = An amount of nothing cannot be stated.
amount-negative = “{ $text }” is below zero. Write an amount above zero, for example 137500.00.
amount-too-large = “{ $text }” is too large.
amount-other-currency = “{ $given }” is another currency. Amounts here are in { $wanted }.
number-unreadable = “{ $text }” cannot be read as a number. Write it plainly, for example 16384, 0.5 or 1e25.
number-ambiguous =
    “{ $text }” can be read as { $one } or as { $other }. Write the number without separators, for
    example 16384.
number-fraction = “{ $text }” is not a whole number.
number-negative = “{ $text }” is below zero.
number-too-large = “{ $text }” is too large.
wrong-jurisdiction = Two letters, such as DE.
wrong-no-pack = The pack that this case is pinned to is not known here; no check can run. Press Fetch.
wrong-no-budget = The public books could not be read.
wrong-no-facts = Give a sanction, a run with its threshold, or a harm.
wrong-leak = Look at each passage, then say that it may go.
wrong-view-name = A view needs a name of at most 80 letters.
s-leak = Could this name the source?
leak-lead =
    These passages stand in what the source wrote, or few people know them. Say it in other words. The check sees words
    only, not what they imply.
leak-answer = I have looked at each passage, and the text may go as it is.
leak-quote = Quotation of the source
leak-number = Number as the source wrote it
leak-person = Person named in the case
leak-file = File of the source
leak-few = Evidence that few people received

search-label = Words
search-hint = All of them must stand in the case: tip, messages, notes, names, evidence.
search-go = Search
search-lead = The search reads what was decrypted on this machine. Nothing is asked of the server.
search-none = No case has all these words.
search-found =
    { $n ->
        [one] 1 case found
       *[other] { $n } cases found
    }
s-search = Search
s-found = Found
col-case = Case
col-state = State
col-hit = Where
col-cases = Cases
col-outcome = Outcome
readings-lead =
    Who opened what on this desk. The list is sealed with your keys and stays on this machine; it is written before a
    page is shown.
readings-none = Nothing was opened yet.
s-readings = Readings
reading-page = page opened
reading-preview = file previewed
reading-download = original saved
reading-search = found by search
reading-export = exported
numbers-lead =
    { $n ->
        [one] Over 1 readable case of this desk.
       *[other] Over { $n } readable cases of this desk.
    }
s-states = States
s-ages = Ages
s-breaches = Deadlines
s-outcomes = Outcomes
chart-states = Cases by state
chart-ages = Running cases by age
chart-clocks = Legal clocks
chart-outcomes = Ended cases by outcome
outcomes-none = No case has ended yet.
age-week = under a week
age-month = under a month
age-quarter = under three months
age-half = under six months
age-more = older
part-in-time = in time
part-missed = missed
part-running = running
keys-lead = Every page works without these. They do nothing while you type.
s-keys = Shortcuts
key-rooms = go to a page
key-move = next case, case before
key-choose = choose the case
key-tabs = page of the case
key-search = search
key-fetch = fetch
key-lock = lock the desk
key-help = this list
view-name = Name of this view
view-keep = Keep these filters as a view
view-forget = Forget this view
bulk-what = Act
bulk-take = Assign to me
bulk-declare = Declare no conflict of interest
bulk-open-triage = Begin triage
bulk-tag = Tag with the word below
bulk-title = Several cases at once
bulk-none = No case was chosen. Go back and tick some.
s-bulk = What came of it

chip-unread = as it was when last fetched
no-such-file = There is no such file here. Open it again.
file-too-large = This file is too large to be held in memory here. Save it with the program: subrosa officer files.
act-failed-file = The file could not be fetched or the entry not written: { $why } Nothing was lost; try again.
marks-found =
    { $n ->
        [one]
            1 mark that people do not see. It can make one reader's copy differ from every other's: never pass this file
            on.
       *[other]
            { $n } marks that people do not see. They can make one reader's copy differ from every other's: never pass
            this file on.
    }
mark-invisible = invisible character
mark-look-alike = letter that looks like another
mark-odd-space = space of unusual width
mark-spacing = spaces in a row
col-line = Line
col-column = Column
s-marks = Hidden marks
s-file = File
s-preview = Preview
page-n = { $name }, page { $n } of { $of }, drawn anew
preview-lead =
    What is shown was drawn anew from pixels or letters, by a process without network. Nothing of the file itself runs.
preview-refused = { $why }
preview-failed = The preview has failed. Nothing of the file was run.
save-original = Save the sealed original
original-warning = The original is as the source sent it. Open it only on a machine without network.
make-copy = Make a copy without marks, and record it as derived evidence
save-copy = Save the copy
copy-needs-item = Take the file in as evidence first; then a copy can be derived from it.
copy-name = Copy of { $name } without marks
copy-name-pages = Copy of { $name } without marks, not whole: the first { $kept } of { $of } pages
copy-name-frames = Copy of { $name } without marks, not whole: the first picture of a moving one
preview-lacks-pages =
    Not the whole file: these are the first { $kept } of { $of } pages. A copy would lack the others too.
preview-lacks-frames =
    Not the whole file: it is a moving picture, and this is its first picture. A copy would lack the others too.
said-copied = The copy is made and recorded. Save it now: it is kept until the desk locks.

room-treasury = Treasury
treasury-lead =
    Orders come from two adjudicators, redemptions from strangers. What you sign is public at once, under your name.
s-orders = Award orders
s-redemptions = Redemptions
s-books = Public books
s-subject = What it is about
orders-none = No orders. They come when two adjudicators have signed one.
redemptions-none = No redemptions. They come from people whom nobody can name.
order-to-sign = to sign
order-waits = signed, not delivered yet: press Fetch
order-sent = signed and delivered
stage-received = to verify
stage-refused = refused: nothing is paid
stage-reserved = reserved by you, waits for others
stage-verified = verified, to release
stage-paid = payment file written
stage-others-release = released by you, waits for others
stage-settle = released by all who are needed; the money is on its way
stage-settled = arrived
f-released-by = Released by
f-settled-by = Arrival stated by
deed-pay-again = Save the payment file again
lead-pay-again =
    The file is the same as before, with the same order number. A bank that has it already pays nothing a second time.
fund-waits = Waits for more administrators. To agree, state the same amount with the very words of the decision.
fund-same = { $who } stated the same amount with the same words.
fund-other =
    This amount waits already, stated with other words: { $who }. Yours would not be counted with it. Compare the words.
f-stated-by = Stated by
nobody-yet = nobody yet
f-ordered-by = Ordered by
f-redemption = Redemption
f-tokens = Tokens
f-rail = Way of payment
f-verified-by = Verified by
deed-sign = Sign the blinded tokens
deed-verify = Recognise the tokens and reserve them
deed-pay = Release the money
deed-settle = State that the money has arrived
deed-fund = State that the programme has money
lead-sign =
    You sign once for each award. The issuance becomes public, and the answer goes to a place that only the source
    knows.
lead-verify =
    Your part of each token is recognised, and in public you reserve the tokens for this redemption and for no other.
    Once enough administrators have done so they are spent, and your program publishes the proof by itself.
lead-pay =
    As many administrators release as recognised the tokens. Whoever is the last of them gets the payment file, to be
    handed to the bank once.
lead-settle = It counts when as many administrators state the same as recognised the tokens.
lead-fund = It counts when as many administrators as the charter says state the same amount with the same words.
ask-money = Amount in euros
ask-decision = Decision behind it; all administrators give the same words
rail-sepa = SEPA credit transfer
rail-sepa-payee = Payee
rail-sepa-iban = The payee's IBAN
rail-sepa-bic = The payee's bank (BIC)
rail-sepa-country = The payee's country
rail-sepa-town = The payee's town
rail-sepa-reference = Text of the payment
rail-sepa-debtor-name = The programme's account holder
rail-sepa-debtor-iban = The programme's IBAN
rail-sepa-debtor-bic = The programme's bank (BIC)
books-funded = Money ever added
books-unreserved = Not reserved
books-escrow = In escrow
books-issued = Issued as tokens
books-redeemed = Redeemed
books-outstanding = Outstanding: issued less redeemed
books-owed = Redeemed and not settled
books-paid = Paid out
books-unread =
    Orders, redemptions and public books have not been fetched since this desk was opened, so nothing is shown. Press
    Fetch, and try again.
books-empty = Nothing is booked yet.
books-balance = The books balance, and every record is signed by whom the charter names.
books-wrong = Something in the books is wrong. Sign nothing before you have spoken with the other administrators.
books-wait = Waits for other administrators: what one has stated, others must state as well before it counts.
books-caption =
    { $n ->
        [one] Sums over 1 public record
       *[other] Sums over { $n } public records
    }
no-such-deed = There is no such order or redemption here. Press Fetch.
said-released =
    Your release is public. Whoever gives the last release that is needed gets the payment file.
said-deed = Done, and stated publicly under your name.
fetch-books = Reading the public books …

s-alike = Duplicates and corroboration
alike-none = No other case of this desk shares evidence or names with this one.
alike-because =
    { $files ->
        [one] 1 file
       *[other] { $files } files
    } and { $names ->
        [one] 1 name
       *[other] { $names } names
    } in common
alike-unlinked = not linked
alike-earlier = that one came first
alike-later = this one came first
col-linked = Linked as
col-suggested = Suggested
col-priority = Priority by receipt

# The dossier, and what protects the source.
act-detriment = Write in the retaliation diary
act-position = Record the source's position
act-disclose = Record what was told outside the team
lead-detriment =
    What the source suffers for its report, day by day. A message of the source in the thread is the receipt: its digest
    and time stand in the journal.
lead-position =
    Compliance and audit staff must wait 120 days after their report inside before an award is possible; the desk counts
    them.
lead-disclose =
    Anything that could point to the source and was told to somebody outside the team: to whom, what in general words,
    and on what ground.
ask-day = On which day?
ask-what = What happened to the source?
ask-message = The source's message that tells of it
ask-position = What is the source?
ask-inside = Day of its report inside, if it made one
ask-told-to = To whom?
ask-told-what = What, in general words?
ask-ground = The source's consent, or the duty by law
hint-told-to = An office; a name only where it must be
hint-inside = Leave empty if there was none
diary-message = entry { $n }
diary-no-message = none
diary = Retaliation diary
diary-none = The retaliation diary is empty.
disclosures = Told outside the team
disclosures-none = Nothing that could point to the source was told outside the team.
col-day = Day
col-receipt = Receipt
col-to = To whom
col-ground = Ground
f-position = Position of the source
position-unknown = not recorded
position-inside = { $position }, reported inside on { $day }
s-protection = Protection of the source
s-dossier = Dossier
dossier-about =
    A bundle for an authority: report, evidence, journal and the proofs that let anybody check it without this
    programme.
dossier-title = Make a dossier
dossier-make = Make, encrypt and save
dossier-lead =
    The dossier is encrypted to the recipients and to nobody else, and saved by your browser. That each enclosed piece
    of evidence went out is written into the journal first.

    The source's own words and the marks in its files stay here unless you tick the boxes below.

    Fetching and copying the evidence can take some minutes.
ask-recipients = For whom: age recipients
hint-recipients = One per line, each beginning with age1. Ask the authority for them by a way that you trust.
ask-account = Your account of the case, in your own words
hint-account = It goes out in place of the source's words. Do not quote the source.
ask-redactions = Entries to leave out as well
hint-redactions = One per line: the number of the entry, =, and the reason. For example: 12=names a third person
ask-with-words = Enclose the source's own words too. Their style can identify the source.
ask-with-originals = Enclose originals instead of copies without marks. Their metadata can identify the source.
s-dossier-holds = What it holds
dossier-holds-report-name = Report
dossier-holds-report = your account, the facts, clocks and decisions
dossier-holds-evidence-name = Evidence
dossier-holds-evidence = a copy of each file without marks, and the digests of the originals
dossier-holds-journal-name = Journal
dossier-holds-journal = the chain of entries, each signed; what is left out, with its reason
dossier-holds-proofs-name = Proofs
dossier-holds-proofs =
    charters and their place in the public log; `subrosa audit dossier` checks all of it without a server
dossier-failed = The dossier was not made: { $why }
wrong-redaction = “{ $line }” is not a number, = and a reason.

# Counts, as the program says them.
count-messages =
    { $n ->
        [one] 1 message
       *[other] { $n } messages
    }
count-tokens =
    { $n ->
        [one] 1 token
       *[other] { $n } tokens
    }
count-administrators =
    { $n ->
        [one] 1 administrator
       *[other] { $n } administrators
    }
count-receipts =
    { $n ->
        [one] 1 receipt
       *[other] { $n } receipts
    }
count-leaves =
    { $n ->
        [one] 1 leaf
       *[other] { $n } leaves
    }
count-versions =
    { $n ->
        [one] 1 version
       *[other] { $n } versions
    }
count-records =
    { $n ->
        [one] 1 record
       *[other] { $n } records
    }
count-cases =
    { $n ->
        [one] 1 case
       *[other] { $n } cases
    }
count-parts =
    { $n ->
        [one] 1 part
       *[other] { $n } parts
    }
count-bytes =
    { $n ->
        [one] 1 byte
       *[other] { $n } bytes
    }
count-entries =
    { $n ->
        [one] 1 entry
       *[other] { $n } entries
    }
count-pieces =
    { $n ->
        [one] 1 piece
       *[other] { $n } pieces
    }
count-files =
    { $n ->
        [one] 1 file
       *[other] { $n } files
    }
count-officers =
    { $n ->
        [one] 1 officer
       *[other] { $n } officers
    }
