# What went wrong, by the stable names of errors. Each says what happened, what was kept and what to do next.

error-other = Something went wrong: { $why }
error-locked = The desk is locked. Open it, and try again.
error-no-charter-yet = The charter was not fetched yet. Press Fetch, and try again.
error-no-entry = This act is no entry of its own. Nothing was written.

error-unreachable = The server could not be reached. Nothing was lost; try again.
error-answer-too-long = The server's answer was too long and was not read. Nothing was lost.
error-server-refused = The server refused (status { $status }, { $code }). Nothing of yours was lost.
error-garbled = The server's answer to { $what } is not as specified; the server may be broken, or hostile.

error-charter-early = The charter bears a date in the future. Check the clock of this machine.
error-charter-late =
    The charter has expired. Check the clock of this machine; if it is right, the programme must publish a new one.
error-charter-other-past =
    The server shows a charter that does not continue the one you saw last. Send nothing, and speak with your
    colleagues.
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
error-journal-keeper =
    The server wants to know that a case officer of the charter asks, and that cannot be shown with your keys.
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
error-not-yet = Something that must come first is not there yet. Press Fetch, and look at the case again.
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
error-not-verified = { $have } of { $need } administrators have verified this redemption so far. Wait until all have.
error-second-needed =
    Your release is recorded; a second administrator must release it too before the payment file is written.
error-other-pays = Released by two; the payment file is written by the other administrator, who released second.
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
error-preview-too-slow =
    The file takes too long to be shown; it may be made to do harm. Do not open it with another program on this machine.
error-preview-no-fence =
    This machine cannot fence in a stranger's file, so nothing is shown. Look at the file on a machine without network.
error-preview-no-poppler = PDF files need the program pdftoppm (package poppler-utils), which is not installed here.
error-preview-process = The preview's own process failed. Nothing of the file was run.

error-dossier-archive = A name or a length does not fit into a dossier's archive. Nothing was written.
error-dossier-recipient = “{ $recipient }” is not an age recipient; it looks like age1… or age1pq1…
error-dossier-identity = The identity file holds no age identity.
error-dossier-nobody = Say for whom the dossier is.
error-dossier-age = The dossier could not be encrypted. Nothing was written.
error-dossier-changed = The case has changed while the dossier was made; try again.
error-dossier-report = The report could not be made; nothing was written.

error-check-no-input = The check has no input { $name }.
error-check-kind = “{ $name }” is not of the kind that the check expects.
error-check-number = “{ $name }” cannot be read as a number, or can be read as two.
error-check-range = “{ $name }” is out of the range that the check allows.
error-check-arithmetic =
    The step { $step } of the check (line { $line } of the pack) cannot be computed with these facts.
error-award-overflow = The numbers are too large for the formula.
error-award-range = A number is outside the range that the formula allows.
error-award-number = This is not a whole number of operations, such as 1e25.
