# The two pages that run in the browser: filing a tip, and coming back to it.
# Messages that begin with app- are for the page's program, which puts values such as { $done } in.

nav-tip = File a tip
nav-return = Come back
leave = Leave now
leave-key = To leave at once and wipe this page: “Leave now” at the top, or Escape twice, quickly.
leave-title = Empty page
leave-text = There is nothing here. You can close this tab.
noscript-title = Scripts are switched off
noscript-tip =
    This page encrypts your tip on your own device. Without scripts it cannot. You can file without scripts all the
    same: with a program on your own machine, or with age encryption. The help page says how.
noscript-return =
    This page opens your messages on your own device. Without scripts it cannot. The subrosa program can do the same:
    the help page says how.
noscript-link = Help: filing without scripts
not-installed =
    This server has no page program installed. You can file with the subrosa program: the help page says how.
loading = Preparing encryption on your device … You can begin already: nothing is sent before it is ready.
notice-circuit =
    A page cannot choose its path through Tor: all that you do here until you ask for a new identity can be told to come
    from the same visitor, though not who that is. The subrosa program uses a new path for each act. With either, the
    server can tell that visits with the same words belong together.

tip-title = File a tip
tip-intro =
    What you write is encrypted on this device and can be opened only by the officers named below. Nothing is stored on
    this device. There is no account: you will get twelve words, and they are your only way back.
tip-resume = Go on with a tip that was interrupted
tip-resume-text =
    If you lost this page while files were going up, type the twelve words that you were given. Parts that arrived are
    not sent again. What you wrote was not stored anywhere: please write it again, and choose the same files.
tip-resume-go = Go on
tip-story = Your tip
tip-officers = Officers who receive it:
tip-regime = What is it about?
tip-regime-choose = Please choose
tip-class = What happened?
tip-class-unsure = I am not sure
tip-questions = Questions
tip-questions-hint = Answer what you know. Leave the rest empty.
tip-narrative = Tell what happened
tip-narrative-hint =
    Who, what, when, where, and how you know. Short plain sentences are safest: style can give a person away. Say how
    many people knew. About 25,000 characters fit; put longer text into a file.
tip-words = Your twelve words
tip-words-why =
    Write these words on paper, in this order. They are the only way back to this tip, to the answers, and to a reward.
    They are shown once. Nobody can give them to you again, not even the officers.
tip-words-written = I have written them down
tip-words-check = Now type the twelve words from your paper
tip-words-check-hint = Capital letters and numbering do not matter.
tip-words-again = Show the words again
tip-files = Files
tip-files-text =
    If you have documents, add them here. They go up encrypted, in equal parts, before the tip itself. If the connection
    breaks, the upload goes on by itself; after a lost page it goes on with your twelve words.
tip-files-warning =
    A file arrives exactly as it is, with everything hidden in it: names, times, places, printer marks, or a wording
    made for you alone. If that could lead to you, describe the document instead.
tip-files-choose = Choose files
tip-files-drop = or drop them here
tip-files-list = Chosen files
tip-review = Check and send
tip-review-text = This is what the officers will read.
tip-send = Send the tip
tip-done = Your tip has arrived
tip-done-text =
    The server has signed for it. The officers will see it in a few minutes. By law they confirm within 7 days, and say
    within 3 months of that what they did. Come back with your twelve words; odd times are best.
tip-receipt = Save the receipt
tip-receipt-text =
    The receipt proves that you filed something and when. It cannot be opened into your tip, but whoever finds it on
    your device knows that you filed. Save it only where that is safe.
tip-done-leave = Leave and wipe this page
continue = Continue
back = Back

return-title = Come back to your tip
return-intro = Type your twelve words. They never leave this device.
return-words = Your twelve words
return-go = Open
return-status = Where your tip stands
return-messages = Messages
return-none = Nothing new. Answers can take days; come back from time to time, at odd hours.
return-burn = I have read everything: burn it
return-burn-text =
    Burnt messages cannot be opened again by anybody, not even with your words. Do it once you have read and saved what
    you need: until then, whoever finds your words can read them too. Do it also when nothing is new: then your visit
    asks the server for as much as one that found something.
return-burn-sure = Burn these messages for good?
return-reply = Answer
return-reply-label = Your message to the officers
return-send = Send
return-more = Other steps
return-withdraw = Take the tip back
return-withdraw-sure = Take the tip back? The officers will be told that you withdrew it.
return-consent = Allow it to be passed on to an authority
return-consent-sure =
    Allow the officers to pass your report on to an authority? Without your consent they may do so only where a law
    obliges them. You cannot take this back.
return-reopen = Ask for the case to be opened again
return-reopen-sure =
    Ask the officers to open the closed case again? Two of them decide. If you have found something new, write it to
    them first.
return-claim = Claim the reward
return-claim-text = When the officers have opened the reward to claims, say here that you claim it.
return-accept = Agree with a proposed amount
return-accept-amount = The amount, in euros
return-contest = Disagree with the proposed reward
return-contest-sure = Tell the officers that you disagree? A panel will decide.
return-award = Your reward
return-request = 1. Ask for it as tokens
return-request-text =
    The administrators sign numbers that they cannot see, so that nobody can tell later whose tokens they are.
return-collect = 2. Fetch the signatures
return-collect-text = It takes a day or more until all administrators of this period have signed.
return-tokens = Save the token file
return-tokens-text =
    Whoever has this file has the money. Or leave the tokens where they are: your words find them again.
return-redeem-link = 3. Redeem as a stranger
redeem-title = Redeem tokens
redeem-intro =
    Here you are a stranger: no words are asked for, and nothing of your tip is touched. Wait days after you fetched the
    tokens. Then ask Tor Browser for a new identity first, and open only this part of the page.
redeem-file = Your token file
redeem-crowd = What the tokens hide in
redeem-crowd-text =
    The number says in how many awards of this period a token of this value may have begun. A small number hides you
    badly: better wait until it has grown. Several tokens redeemed together hide in fewer awards than each by itself, so
    never redeem everything at once.
redeem-value = Value
redeem-number = Awards it may come from
redeem-choose = Choose
redeem-rail = How it is paid
redeem-send = Redeem the chosen tokens
redeem-done = Sent. The administrators check the tokens and pay. Nothing in it names you or your tip.

app-rail-sepa = SEPA bank transfer
app-rail-sepa-payee = Who is paid
app-rail-sepa-payee-hint = Usually your lawyer's client account. The bank and the administrators see this name.
app-rail-sepa-iban = IBAN
app-rail-sepa-bic = BIC, if the bank asks for it
app-rail-sepa-country = Country of the payee, two letters
app-rail-sepa-town = Town of the payee
app-rail-sepa-reference = Text on the bank statement
app-rail-sepa-reference-preset = Client account

app-step = Step { $done } of { $all }
app-working = Working …
app-yes = Yes
app-no = No
app-clock =
    The clock of this device is off by about { $hours } hours. Nothing is lost by it, but dates shown here may be wrong.
    Please set it right.
    .hours-one =
        The clock of this device is off by about one hour. Nothing is lost by it, but dates shown here may be wrong.
        Please set it right.
app-questions-arrived = The questions for this subject have just arrived. Answer what you know, then continue.
app-file-reading = Reading
app-file-sending = Going up: { $done } of { $all } parts
    .all-one = Going up: { $done } of one part
app-file-done = Arrived, all { $all } parts
    .all-one = Arrived, in one part
app-file-paused = Paused at { $done } of { $all } parts
    .all-one = Paused at { $done } of one part
app-file-waiting = The connection is lost. Trying again by itself …
app-file-queued = Waiting for its turn
app-file-full =
    The server has no room for files now. What arrived stays there for a while; try again later, or send the tip without
    this file.
app-pause = Pause
app-resume = Go on
app-remove = Leave out
app-save = Save
app-progress = Progress of { $name }
app-files-open = Some files have not arrived yet. Wait for them, or leave them out.
app-review-about = About
app-review-class = What happened
app-review-story = Your words
app-review-files = Files
app-review-no-files = none
app-resumed =
    Your earlier upload was found. Write your tip again, choose the same files, and what arrived is not sent again.
app-filed-before =
    This tip was filed: it had arrived before the page was lost. Use “Come back” with the same words to follow it.
app-nothing-before = Nothing was sent under these words. You can begin anew.
app-fallback =
    Note: { $name } had no fresh keys left. Your first message to this person is protected less well until the person's
    keys change.
app-words-differ = These are twelve good words, but not the ones that were shown. Please compare with your paper.
app-sent = Sent. The server has signed for it.
app-burnt = Burnt. These messages cannot be opened again by anybody.
app-from = From { $name }
app-unreadable =
    { $count } messages could not be opened. They may have expired, or the server holds them back. Try again later.
    .count-one = One message could not be opened. It may have expired, or the server holds it back. Try again later.
app-filed-on = Filed on { $date }.
app-acknowledge-by = The officers have to confirm that they received it by { $date }.
app-feedback-by =
    They have to tell you what was done by { $date } at the latest, or three months after they confirmed if that is
    earlier.
app-award = Your reward is final: { $amount }.
app-signed = { $count } administrators have signed so far.
    .count-one = One administrator has signed so far.
app-not-yet = All of this period must sign. Come back in a day or more.
app-ordered = Your award is public: two adjudicators ordered it, and the money is set aside.
app-not-ordered =
    Nothing public says yet that your award was ordered and the money set aside. What one officer announced is no award
    by itself.
app-tokens-ready = All administrators of this period have signed. Your tokens are ready.
app-requested = Asked for. Come back in a day or more and fetch the signatures.
app-small = few: better wait
app-redeemed = redeemed
app-state-received = It has been received. Nobody has decided anything yet.
app-state-triage = Officers are checking whether it falls under this programme.
app-state-accepted = It was taken on. An investigation will follow.
app-state-investigating = It is being investigated.
app-state-substantiated = What you reported was found to be true.
app-state-claim-open = You can claim a reward.
app-state-award-proposed = A reward was proposed. You can agree or disagree.
app-state-contested = You disagreed with the proposed reward. A panel decides.
app-state-award-final = The reward is final.
app-state-paid = The reward was paid out as tokens.
app-state-closed = The case is closed.
app-state-needs-info = The officers have asked you something. Please answer below.
app-state-purged = The case is closed and its content was destroyed.
app-state-referred = It was passed on to an authority.
app-state-other = The officers say: { $name }

app-error-empty = Please fill this in.
app-error-own-words =
    Your text holds twelve secret words. They are for you alone: whoever has them can answer in your name. Take
    them out. Nothing of it was sent.
app-error-unreachable = The server cannot be reached. Nothing was lost. Check that Tor is connected, and try again.
app-error-not-arrived =
    The part of this page that encrypts did not arrive, or it is not the one that the page names. Nothing was sent, and
    what you wrote is still here. Check that Tor is connected, and try again. If it stays so, do not use this page:
    report in one of the ways described under “How to report”.
app-error-garbled =
    The server answered something that it should not. It may be broken, or somebody may stand between you and it.
    Nothing was sent. Try again later.
app-error-full = The server is full at the moment. Nothing was stored. What you wrote is still here; try again later.
app-error-busy = The server is busy. Nothing was stored. Try again in a minute.
app-error-work = The server asked for more work than expected. Nothing was stored. Please try again.
app-error-unavailable = The server cannot store or read anything just now. Nothing was lost. Try again later.
app-error-refused = The server did not accept this. Nothing was stored. Reload the page and try again.
app-error-conflict =
    Another tab or another device is using the same twelve words and was faster. Nothing is lost: your text is still
    here and was not sent. Read what is new, then send it again.
app-error-arrived = The connection broke, but your message had arrived. There is no need to send it again.
app-error-working = Please wait until the step before is finished.
app-error-damaged = Something in the answer is damaged. Nothing was sent. Reload the page and try again.
app-error-no-charter = This programme has not published yet who its officers are. Nothing can be filed today.
app-error-charter =
    The list of the programme's officers is not signed by the key that this page names. Do not send anything. Compare
    the fingerprint on the first page with the printed notice.
app-error-charter-format =
    The list of the programme's officers is written for another version of this page. Nothing was sent. Reload the page.
    If it stays so, the programme has to publish the list anew.
app-error-charter-early =
    The list of the programme's officers bears a date in the future. Please check the clock of this device, then reload.
app-error-charter-late =
    The list of the programme's officers has expired. Check the clock of this device. If it is right, the programme has
    to publish a new one.
app-error-clock =
    The clock of this device is off by about { $hours } hours, so the officers' keys cannot be checked. Nothing was
    sent. Set the clock right, then reload.
    .hours-one =
        The clock of this device is off by about one hour, so the officers' keys cannot be checked. Nothing was sent.
        Set the clock right, then reload.
app-error-policy-withheld =
    The server does not hand out the questions that the programme has signed. Nothing was sent. Try again later.
app-error-policy-altered =
    The questions on this server are not those that the programme has signed. Do not send anything.
app-error-no-regime = Please choose what it is about.
app-error-answer =
    This answer cannot be read. Please write a number, or a date such as 2026-11-30, or leave it empty and tell it in
    your own words.
app-accept-sure = You are about to sign that you agree with { $amount }. Is this the amount?
app-error-amount-unreadable =
    “{ $text }” cannot be read as an amount. Please write it plainly,
    for example 137,500.00 or 137500.00.
app-error-amount-ambiguous =
    “{ $text }” can be read as { $one } or as { $other }. Please write it without separators and with both decimals,
    for example 137500.00.
app-error-amount-digits = “{ $text }” needs two digits of cents, or none at all: for example 137500.00 or 137500.
app-error-amount-zero = The amount is zero.
app-error-amount-negative = “{ $text }” is below zero. Please write an amount above zero, for example 137500.00.
app-error-amount-too-large = “{ $text }” is too large.
app-error-amount-other-currency = “{ $given }” is another currency. Amounts here are in { $wanted }.
app-error-number-unreadable = “{ $text }” cannot be read as a number. Please write it plainly, like 16384, 0.5 or 1e25.
app-error-number-ambiguous =
    “{ $text }” can be read as { $one } or as { $other }. Please write the number without separators, like 16384.
app-error-number-fraction = “{ $text }” is not a whole number.
app-error-number-negative = “{ $text }” is below zero.
app-error-number-too-large = “{ $text }” is too large.
app-error-too-long = Your text is too long: { $bytes } bytes. Please shorten it, or put part of it into a file.
app-error-keys-wrong =
    The keys of { $name } are not those that the programme has signed. Nothing was sent. Do not use this server today.
app-error-keys-withheld =
    The server offers no keys for { $name }, although the programme names this person. Nothing was sent. Try again
    later; if it stays so, the server is holding them back.
app-error-no-officer = The programme names nobody who takes tips. Nothing can be filed today.
app-error-forged-receipt =
    The server's receipt is not signed by the programme's log. Keep your words, do not trust this server, and file again
    through another address.
app-error-nothing-found =
    Nothing was found for these words. If you filed just now, wait a few minutes. Otherwise compare the words with your
    paper. Messages not fetched for a long time expire.
app-error-withheld =
    The server lists what is kept for you but does not hand it out. Try again; if it stays so, the server is holding it
    back.
app-error-reply-gone = A message was destroyed before you read it: it expired, or the case is closed for good.
app-error-replaced = Your last visit is not listed yet. Come back in a few minutes.
app-error-other-charter =
    The server shows other officers than on your last visit. Somebody may be trying to put other people in their place.
    Do not send anything.
app-error-log =
    The server's public log does not continue what you have seen before. Do not trust this server. Keep your words.
app-error-list-not-logged =
    The server showed a list of messages that is not the one in its public log. Messages for you may be missing from it.
    Nothing was lost: come back later, and it is asked for again. If it stays so, do not trust this server. Keep your
    words.
app-error-log-stands-still =
    The newest statement of the server's public log is from { $stated }. The clock of your device says { $now }. If your
    clock is right, the server stands still or holds something back. What you see is genuine; something may be missing.
    Come back later.
app-error-log-ahead =
    The newest statement of the server's public log is from { $stated }. The clock of your device says { $now }. One of
    the two is wrong. Please put your clock right.
app-error-no-award = There is no final reward for this tip yet.
app-error-false-signature = One administrator's signature is false. Fetch again later; the others may still answer.
app-error-not-enough-signatures = Not all administrators of this period have signed yet. Come back in a day or more.
app-error-no-token = Please choose at least one token.
app-error-spent = This token was redeemed before.
app-error-several-periods =
    These tokens were signed in different periods. Please redeem those of one period by themselves.
app-error-tokens-expired = These tokens were accepted until a time that is over.
app-error-not-tokens = This is not a token file, or it was changed.
app-error-other-programme = These tokens belong to another programme.
app-error-payout =
    A bank would refuse this. Please check it. Banks take letters without accents or dots only: Koeln, not Köln.
app-error-not-a-receipt = This is not a receipt.
app-error-no-mail = There is nothing to burn.
app-error-no-words = Please type your twelve words first.
app-error-word-count = These are { $found } words. There must be twelve.
    .found-one = This is one word. There must be twelve.
app-error-unknown-word = Word { $position }, “{ $word }”, is not on the word list.
app-error-did-you-mean = Did you mean { $suggestions }?
app-error-checksum =
    Every word is on the list, but they do not fit together. One was probably mistaken for another, or two changed
    places. Please compare with your paper.
app-error-file-changed = The file changed while it was read. Please choose it again.
app-error-file-vanished =
    The file can no longer be read: it was moved, changed or deleted. What arrived of it cannot be opened by anybody.
    Choose it again, or leave it out.
app-error-file-too-large = The file is larger than 4 GiB. Please split it.
app-error-file-gone = The file is not on the server any more.
app-error-file-altered = The file was altered on the way. It was thrown away.
app-error-engine = The encryption program could not be loaded. Reload the page. If it stays so, use the subrosa program.
