# What went wrong, by the stable names of errors. Each says what happened, what was kept and what to do next.

error-foreign = A part of this machine's system failed; this is what it says itself: { $why }
error-locked = The desk is locked. Open it, and try again.
error-no-charter-yet = The charter was not fetched yet. Press Fetch, and try again.
error-no-entry = This act is no entry of its own. Nothing was written.

error-unreachable = The server could not be reached. Nothing was lost; try again.
error-answer-too-long = The server's answer was too long and was not read. Nothing was lost.
error-server-has-not = The server does not have what was asked for, or not any more. Nothing of yours was lost.
error-server-conflict =
    At the server there is something already that this collides with; somebody may have been faster. Nothing of yours
    was lost. Press Fetch, and try again.
error-server-busy = The server is busy. Nothing of yours was lost; try again in a minute.
error-server-full =
    The server has no room left. Nothing of yours was lost; tell whoever runs the server, and try again later.
error-server-broken =
    The server has a fault of its own and could not answer. Nothing of yours was lost. Try again later; if it stays so,
    tell whoever runs the server.
error-server-refused =
    The server refused what this program asked of it. Nothing of yours was lost. Program and server may come from
    different versions.
error-forged-receipt =
    The server's receipt is not signed by the programme's log: it may drop what you sent. Do not trust this server, and
    send it again through another address.
error-garbled =
    The server's answer about { $what } is not as specified; the server may be broken, or hostile. Nothing of yours was
    lost.
asked-terms = what it asks of everybody
asked-keys = the keys on offer
asked-deposit = what was sent
asked-lists = the lists of the board
asked-file = a file
asked-message = a message
asked-journal = a case's journal
asked-records = the public records
asked-log = the log
asked-other = something else

error-charter-early = The charter bears a date in the future. Check the clock of this machine.
error-charter-late =
    The charter has expired. Check the clock of this machine; if it is right, the programme must publish a new one.
error-charter-other-past =
    The server shows a charter that does not continue the one you saw last. Send nothing, and speak with your
    colleagues.
error-charter-format =
    The charter is of format { $format }, which this program does not read. Nothing was sent. Program and server come
    from different versions: get the program that your programme names, or ask for a new charter.
error-charter-refused =
    The charter is refused: it is damaged, or not signed by the programme's root key. Send nothing, and speak with your
    colleagues.
error-charter-withheld =
    The server does not show version { $version } of the charter, which lies between the one you saw last and the one it
    shows now; it may be hiding who was named in between. Send nothing.
error-charter-not-logged =
    The charter that this server shows is not in the log: people may have been named to you alone. Do not trust this
    server, and compare the charter's version with your colleagues.
error-log-unsigned = The log's newest statement is not signed by the log's key. Do not trust this server.
error-log-smaller =
    The log has become smaller: entries that stood in it are hidden.
    Keep what you have: the two signed statements prove it. Do not trust this server.
error-log-other =
    The two statements belong to different logs.
    Keep what you have: the two signed statements prove it. Do not trust this server.
error-log-split =
    The log has shown two different histories of the same size.
    Keep what you have: the two signed statements prove it. Do not trust this server.
error-log-not-continued =
    The log does not continue what it showed before.
    Keep what you have: the two signed statements prove it. Do not trust this server.
error-log-proof = The log cannot prove what it lists; it may be hiding or changing entries.
error-log-tile = A part of the log is missing or damaged. Try again; if it stays so, the server is hiding it.
error-log-not-there =
    Something that the server promised to log is not in the log. Keep the receipt: it proves the broken promise.
error-list-not-logged =
    The server shows lists that are not those in the log ({ $count } in all, the first of epoch { $epoch }). Messages
    for you may be missing from them. What they show was not believed; they are asked for again at each visit. If it
    stays so, do not trust this server, and speak with the programme by another way.
error-lists-gone =
    The server says that it no longer keeps the lists of epochs { $from } to { $to }, which you have not read. What
    stood in them for you is lost, or the server holds it back.
error-promise-broken =
    The server signed that something which you sent would stand in the log, and it does not ({ $count } in all). It may
    have been dropped. Your keystore keeps the signed receipts, which prove it. Do not rely on this server, and speak
    with your colleagues by another way.
error-log-stands-still =
    The log's newest statement is from { $stated }; the clock of this machine says { $now }. If your clock is right, the
    server stands still or holds back what is newer. What you see holds; something may be missing.
error-log-ahead =
    The log's newest statement is from { $stated }; the clock of this machine says { $now }. One of the two is wrong.
    Put your clock right; if it is, the server could stand still later without your noticing.
error-policy-withheld =
    The charter names { $name }, but the server does not hand it out. Try again later, or tell the programme.
error-policy-altered =
    The server's copy of { $name } is not the one that the charter commits to. Do not use this server before you have
    told the programme.

error-journal-forked =
    The server shows another past of this journal than before. Do not go on with this case before you have spoken with
    your colleagues.
error-journal-no-key =
    The key of generation { $generation } is missing; the case cannot be known without it. Speak with your colleagues.
error-journal-other-key =
    The key that you were given is not the one that { $who } turned this case to: you and your colleagues may read
    different things. Ask that person, and tell a third colleague.
error-journal-cut =
    The server hides entries of this case that you have read before ({ $seen } then, { $shown } now). Do not go on with
    this case before you have spoken with your colleagues.
error-event-unwritable = The entry cannot be written. Nothing was changed.
error-journal-busy = Others are writing to this case at the moment. Nothing of yours was lost; try again.
error-journal-access =
    { $who } turned this case's key, and the part for you is no good. Ask that person, and tell a third colleague.
error-no-wrap-key = The charter names no key of { $who }, who is on this case's team; the case key cannot be turned.
error-wrap-failed = The new case key could not be wrapped. Nothing was changed.
error-journal-clock =
    This case has entries that are dated more than a day after your computer's clock. Set the clock right and try again.
    Nothing was written.
error-journal-purged = This case was purged; nothing of it is left here.

error-message-too-long = The message is too long: { $bytes } bytes. Put long text into a file.
error-message-unreadable = The message is damaged, or a newer program made it.
error-conversation-damaged = The conversation with the source could not go on: its keys do not fit. Nothing was sent.
error-envelope = The message could not be sealed. Nothing was sent.
error-not-saved =
    Your keystore could not be written. Nothing was destroyed on the server. Make room on this machine, and try again.
error-key-too-many = More keys than one publication carries were to be put on offer. Nothing was sent.
error-key-not-made = A key could not be made. Nothing was sent; try again.
error-not-in-charter = The charter does not name you as an officer with these keys.
error-no-case = There is no case { $case } on this desk.
error-no-conversation =
    This case came to you without a conversation of your own; a colleague whom the source wrote to must answer.
error-no-colleague = A case can be handed to another officer of the charter, and to nobody else.
error-keys-wrong = The keys of { $name } are not those that the charter names. Nothing was sent.
error-keys-withheld =
    The server offers no keys for { $name }, although the charter names this person; it may be holding them back.

error-not-administrator = The charter does not name you as an administrator with these keys.
error-no-such-deed = There is no such order or redemption here. Press Fetch.
error-batch-unfit = The blinded tokens do not fit the order. Nothing was signed.
error-issuer-keys = The issuer's keys cannot be used. Nothing was signed.
error-no-denomination-key =
    The blinded tokens cannot be signed: a key is missing, or there are too many. Nothing was signed.
error-record-too-long = This is too much for one record. Nothing was signed.
error-signed-before =
    You have signed for this award before; its answer is sent again if it was lost, nothing new is signed.
error-return-address = The source's return address cannot be read. Nothing was sent.
error-token-forged = A token of this redemption was not signed by you. Nothing is paid.
error-proof-failed = Your part could not be proved. Nothing is paid.
error-spent-before = A token of this redemption was redeemed before, in another one. Nothing is paid.
error-not-verified =
    { $have ->
        [one] One of { $need } administrators has verified this redemption so far.
       *[other] { $have } of { $need } administrators have verified this redemption so far.
    } Wait until all have.
error-more-needed =
    Your release is recorded: { $have } of { $need }. Whoever gives the last one gets the payment file.
error-not-released =
    { $have ->
        [one] One of { $need } administrators has released this money so far.
       *[other] { $have } of { $need } administrators have released this money so far.
    } It cannot have arrived. Nothing was stated.
error-stated-before = You have stated this before. It is public, and nothing was added.
error-other-account =
    The payment file that there is pays from another account of the programme. A bank would take a second one for
    another order.
error-arrived = Enough administrators have stated that this money has arrived. There is nothing left to pay.
error-other-pays =
    Released by enough administrators; the payment file is written by the one whose release was the last needed.
error-no-keyset =
    No keyset of the charter signs these tokens now: its signers have changed since the source asked for them. Whoever
    keeps the root key must name the old denominations in the next keyset.
error-not-a-signer = The charter does not name you, with these keys, as a signer of this keyset.
error-other-batch =
    Other tokens were ordered or signed for this award before. Two sets of tokens would double the money, so nothing was
    signed.
error-no-budget = The award is of { $need }, and the budget holds { $have } that is not reserved. Nothing was signed.
error-tokens-expired = These tokens were accepted until a time that is over. Nothing is paid.
error-payment-missing = A field of the payment is empty.
error-payment-iban = An IBAN of this payment is not valid. Nothing is paid.
error-payment-text =
    A text of this payment cannot be written into a payment file; use plain Latin letters, digits and / - ? : ( ) . , '
    +
error-payment-amount = The amount is more than one transfer may carry, or nothing. Nothing is paid.
error-payment-date = The date cannot be written. Check the clock of this machine.

error-keystore-foreign = This is not a Subrosa keystore.
error-keystore-newer = This keystore was written by a newer version of Subrosa; please update.
error-keystore-damaged = This keystore is damaged; restore it from a backup. The password was not tried.
error-keystore-cost = This keystore asks for more memory or time than is allowed.
error-keystore-password = The password is wrong.
error-keystore-memory = There is not enough memory to check the password. Close other programs, and try again.
error-keystore-unwritable =
    The keystore cannot be written. What you did last is not kept; make room on this machine, and try again.
error-keystore-other-role = { $path } holds keys of another role, or was written by another version of the program.
error-file-io =
    The system refused { $path }. Look whether the disk is full or the file is another user's, and try again.
error-file-exists = { $path } is there already; nothing was overwritten.
error-file-part-missing = Part { $part } of { $of } of the file is not on the server any more.
error-file-not-whole = The file is not what the message announced: parts are missing or were altered.
error-file-locked = { $path } is in use by another running program; wait until it has ended.
error-index-damaged =
    The search index in { $path } is damaged or belongs to another keystore; delete the folder, and it is built anew.
error-index-full = The search index is full. Cases can be read, and new ones are not found by words.

error-preview-kind =
    A file of this kind is not shown here. Look at it on a machine without network, and write down what it says.
error-preview-too-large = The file is too large to be shown here.
error-preview-damaged =
    The file cannot be read as what it claims to be; it may be damaged, or made to do harm. Do not open it with another
    program on this machine.
error-preview-locked =
    The file is locked with a password, so nothing of it can be shown. Ask the source for a copy without one.
error-preview-too-slow =
    The file takes too long to be shown; it may be made to do harm. Do not open it with another program on this machine.
error-preview-no-sandbox =
    This machine cannot shut a stranger's file in, so nothing is shown. Look at the file on a machine without network.
error-preview-no-poppler = PDF files need the program pdftoppm (package poppler-utils), which is not installed here.
error-preview-process = The preview's own process failed. Nothing of the file was run.

error-dossier-archive = A name or a length does not fit into a dossier's archive. Nothing was written.
error-dossier-recipient = “{ $recipient }” is not an age recipient; it looks like age1… or age1pq1…
error-dossier-identity = The identity file holds no age identity.
error-dossier-nobody = Say for whom the dossier is.
error-dossier-age = The dossier could not be encrypted. Nothing was written.
error-dossier-changed = The case has changed while the dossier was made; try again.
error-dossier-report = The report could not be made; nothing was written.
error-dossier-language = There are no words for a report in the language “{ $language }”. Nothing was written.
error-dossier-no-account =
    Write an account of the case in your own words: it goes out in place of the source's. Nothing was written.
error-dossier-unsound = What was made does not verify, so nothing was written. Fetch, and try again.

input-kind-number = a number such as 16384 or 1e25, without its unit
input-kind-numbers = numbers, one on each line or with semicolons between them
input-kind-date = a day such as 2026-11-30
input-kind-dates = days such as 2026-11-30, one on each line or with semicolons between them
input-kind-text = a text
input-kind-texts = texts, one on each line or with semicolons between them
input-kind-yes-no = yes or no
error-check-no-input = The check has no input { $name }.
error-check-kind = “{ $name }” is not of the right kind; expected: { $kind }.
error-check-number = “{ $name }” cannot be read as a number, or can be read as two.
error-check-range = “{ $name }” is out of the range that the check allows: { $range }.
error-check-long = “{ $name }” is too long: at most { $most } entries or characters.
error-check-arithmetic =
    The step { $step } of the check (line { $line } of the pack) cannot be computed with these facts.
error-award-overflow = The numbers are too large for the formula.
error-award-own-part = The claimant's own part is more than the sanction.
error-award-threshold = The threshold is zero; a run is paid by how far it lies above one.
error-award-range = A number is outside the range that the formula allows.
error-award-number = This is not a whole number of operations, such as 1e25.

# What a visit could not take in. The rest of the visit went on.
error-ended-early = The visit ended early; what had come by then is used, the rest comes with the next one. { $why }
error-message-lost = A message that never opened is no longer kept by the server; it is lost.
error-message-withheld = A message for you is listed, but the server does not hand it out; it is asked for again.
error-message-altered = A message could not be opened; it is asked for again. { $why }
error-message-key-gone = A message could not be opened, and cannot be later either. { $why }
error-message-damaged = A message was opened and could not be read. { $why }
error-message-unknown = A message was opened and is not one that this program knows. { $why }
error-no-tip = Somebody wrote to you who had not sent you a tip before; it is not kept.
error-tip-forwarded =
    A tip came to you in a conversation that its source did not open with you. Whoever sent it on holds a copy of it and
    is not the source. It was not kept. Tell your colleagues.
error-words-not-signed = Something came as a source's words that the source did not sign for you; it was not kept.
error-second-conversation =
    A source opened a second conversation with you about a tip that you have; what it says there is not read. Ask the
    source, in the first one, whether that was it.
error-other-charter =
    A source wrote under a charter that you do not know: the server may show sources other officers than you see.
    Compare the charter with your colleagues and with the holder of the root key.
error-words-refused = A message of a source could not be taken into its case. { $why }
error-not-for-administrators = Somebody sent a message that is not for administrators; it is not kept.
error-reply-altered = A reply of a source could not be read; it is asked for again. { $why }
error-reply-withheld = A reply of a source is listed, but the server does not hand it out; it is asked for again.
error-sealed-no-identity = The sealed submission { $code } waits: this desk has no keys for the sealed intake.
error-sealed-later = The sealed submission { $code } is kept and not open yet; it is tried again. { $why }
error-sealed-never = The sealed submission { $code } cannot be opened here. { $why }
error-sealed-gone = Its file is not on the server any more.
error-sealed-file = Its file is not what was announced: parts are missing or were altered.
error-sealed-not-for-us = It was not sealed to the keys of this desk.
error-sealed-damaged = It is damaged or was cut off.
error-sealed-too-long = It is longer than the sealed intake takes.
error-handover-for-others = Somebody handed you the keys of a case to whose team you do not belong; they were not kept.
error-handover-later = A case that was handed to you cannot be read yet; it is tried again.
error-handover-unreadable = A case that was handed to you cannot be read; its keys were not kept. { $why }
error-views-forged =
    Somebody wrote to you in a colleague's name how far cases go. It is not signed by that colleague and was not
    believed.
error-views-unsent =
    How far your cases go could not be told to { $who }: the server offers no good keys for that person, or refused the
    letter. It may be holding you apart. It is tried again when your cases have gone on.
error-head-other =
    Case { $case }: the log has another journal at entry { $entry } than you are shown. Either the server shows you and
    your colleagues two journals of this case, or a colleague's program is false. Read to each other the head of the
    journal's chain.
error-head-hidden =
    Case { $case }: the log says that there is an entry { $entry }, but the server does not show it to you. Ask your
    colleagues what it says.
error-head-not-logged =
    Case { $case }: entry { $entry } is not in the log, although it must be. Perhaps the server shows it to you alone.
    Ask your colleagues whether they have it.
error-head-split =
    Case { $case }: { $who } was shown another journal than you, by entry { $count } at the latest. Either the server
    shows you two different ones, or that person's program is false. Do not go on with this case before you have spoken
    with each other.
error-head-behind =
    Case { $case }: { $who } has read { $count } entries, and the server has not shown you as many on several visits. It
    may be holding you back. Ask that person what is new.
error-order-refused = An award order is refused. { $why }
error-redemption-empty = A redemption holds no valid tokens; it is not kept.
error-ratchet-key = A key of the other side is not valid.
error-ratchet-altered = It was changed on the way.
error-ratchet-key-gone = The key for it is gone; it may have been read before.
error-ratchet-repeated = It was changed on the way, or was read before.

# Steps that come too early.
error-order-unsigned = The award order does not carry two adjudicators' signatures yet. Nothing was sent.
error-tokens-not-asked = The source has not asked for the tokens of this award yet. Nothing was sent.
error-no-return-box = The source's request leaves out one of the administrators. Nothing was sent.
error-purge-unconfirmed = Two officers must confirm the purge first. Nothing was destroyed.
error-kept-charter-old =
    You have seen a newer charter than the one that is kept on this machine. Press Fetch when the server can be reached.
error-rule-unknown = A rule forbids it that this program does not know: { $rule }. Please update the program.

# What an audit of the public records finds. The movements have the names of the records.
error-record-wrong = Record { $record }: { $why }
error-record-not-logged = Record { $record } was promised to the log for epoch { $epoch } and is not there.
error-list-changed = The list of epoch { $epoch } is not the one in the log: it was changed afterwards.
error-charter-secret = Version { $version } of the charter is not in the log: people were named in secret.
error-proof-malformed = It is not in the form of its kind.
error-proof-other-issuer = It is signed by another than its issuer.
error-proof-worthless = It holds a token worth nothing.
error-proof-issuance = It is not proven that the issuer used its published key.
error-proof-redemption = It is not proven that these tokens were signed under the published key.
error-proof-nullifiers = Its nullifiers do not belong to its tokens.
error-books-unreadable = It cannot be read.
error-books-malformed = It is not in the form of its kind.
error-books-unknown-signer = The signer is not in the charter.
error-books-bad-signature = Its signature is not valid.
error-books-not-officer = The signer is no case officer.
error-books-not-finance = The signer is no bounty administrator.
error-books-wrong-issuer = The signer does not hold this issuer's number.
error-books-out-of-range = The tokens' value is out of range.
error-books-double-spend = A token in it was redeemed before.
error-books-unknown-charter = It names a charter that is not in the chain.
error-books-old-charter = It names a charter that was no longer in force when it was published.
error-books-unknown-keyset = The charter does not name its keyset.
error-books-bad-order = The order in it is not signed by two adjudicators of the charter.
error-books-ordered-twice = The award { $award } was ordered twice, differently.
error-books-reserved-twice = The same issuer had reserved a token in it for another redemption.
error-books-not-reserved = It proves tokens that not enough issuers had reserved for this redemption.
error-books-too-few-signatures =
    “{ $movement }”, { $amount }: stated or signed by { $have ->
        [one] one administrator
       *[other] { $have } administrators
    }; it takes { $need }.
error-books-award-without-order = { $amount } are set aside for an award that no two adjudicators ordered.
error-books-issued-without-tokens =
    { $amount } are booked as issued; the records of its signers do not bear it out.
error-books-redeemed-without-tokens =
    { $amount } are booked as redeemed; the records of enough issuers do not bear it out.
error-books-tokens-without-order = Tokens of the award { $award } were signed that no adjudicators ordered.
error-books-more-redeemed-than-issued =
    Issuer { $issuer } recognised { $recognised } tokens of { $denomination } under a key that signed { $signed }.
error-records-hidden =
    The log's batch of epoch { $epoch } does not commit to the public records as they are shown: records were hidden,
    added or changed.
error-books-tokens-without-booking =
    Tokens of the award { $award } were signed, but the books do not show them as issued.
error-books-redemption-without-booking = The redemption { $redemption } was checked, but the books do not show it.
error-books-escrow-wrong = The escrow is not what is owed from it.
movement-budget-added = money for the budget
movement-award-reserved = award set aside
movement-tokens-issued = tokens issued
movement-tokens-redeemed = tokens redeemed
movement-payout-released = payout released
movement-payout-settled = payout settled
movement-award-cancelled = award cancelled

# What was seen when a rule said no: in brackets behind the rule.
error-note-not-member-then = not a member at that time
error-note-not-an-officer = not an officer of the charter
error-note-role-not-given = the charter does not give this person the role “{ $role }”
error-note-acting-as = acting as “{ $role }”
error-note-one-of-each = two roles are needed: “{ $one }” and “{ $other }”
error-note-case-is = the case: { $state }
error-note-proposed-in = entry { $entry }
error-note-others-key = the key is somebody else's
error-note-numbers-too-large = the numbers are too large for the formula
error-note-formula-range = a number is outside the range that the formula allows
error-note-formula-gives = the formula gives { $amount }
error-note-received-later = a tip cannot be received in the future
error-note-jurisdiction-or-severity = jurisdiction or severity
error-note-answers-range = answers run from 0 to 3
error-note-other-pack = the check is not from the pack that the case is filed under
error-note-not-from-source = the receipt is not a message of the source
error-note-linked-to-itself = a case is not linked to itself
error-note-duplicate-of-itself = a case is no duplicate of itself
error-note-first-left = the first signer left the case; propose again
error-note-first-must-declare = the first signer must declare again
error-note-later-outcome = this outcome belongs to a later stage
error-note-adjudicators-end = an investigation ends by adjudicators
error-note-triaged-before = whoever triaged the case does not investigate it
error-note-investigated-before = whoever investigated does not propose the award
error-note-policy-differs = its id or version differs
error-note-not-a-claim = the statement is not a claim
error-note-claim-needs-answers = a claim comes with the answers about eligibility
error-note-earlier-batch = the order over an earlier batch is being signed
error-note-other-amount-agreed = the source agreed with another amount
error-note-panel-decided = a panel has decided
error-note-record-unreadable = a record cannot be read
error-note-other-record = a record is about something else
error-note-source-claimed = the source has claimed
error-note-held-already = there is one already
error-note-other-batch-signed = the source signed for another batch
error-note-order-unsigned = two adjudicators must sign the order first
error-note-other-batch-ordered = the blinded batch is not the ordered one
error-note-account-short = the account that it leaves does not hold { $amount }
error-note-amount-zero = an amount of zero
error-note-booked = { $movement }
error-note-award-or-reference = a movement names its award, or its reference, and not both
error-note-due = { $due } is due, not { $given }
