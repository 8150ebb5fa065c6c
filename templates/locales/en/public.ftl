# Words on the public pages.

## On every page

skip = Skip to the text
nav-label = Pages
nav-start = Start
nav-scope = What to report
nav-reward = Rewards
nav-safety = Staying safe
nav-keys = Keys
nav-books = Open books
nav-help = How to report
nav-languages = Languages
footer = This site sets no cookies, loads nothing from anywhere else, and keeps no record of who visits it.
footer-charter = Charter, version { $version }
knows-title = What the programme can and cannot know
yes = yes
no = no

## Start

landing-title = Report a concern in confidence
landing-what =
    Here you can tell this programme about a breach of the rules for artificial intelligence. You do not give your name.
    You can come back later to read answers, and you can receive a reward without saying who you are.
landing-warning =
    Do not open this site from a computer or a network of your employer. Use Tor Browser on your own device.
landing-notice-title = Your legal position
landing-notice-by = In the programme’s own words, signed in its charter:
landing-notice-none =
    The programme has not published its charter yet. Its notice about your legal position will stand here. Please wait
    with your report until then.
landing-who-title = Who is listening
landing-who = Only the people marked “takes reports in” can open what you send. This server cannot.
landing-who-none = Nobody yet: the charter is missing.
role-intake = takes reports in
role-triager = sorts them
role-investigator = investigates
role-adjudicator = decides
role-administrator = administers rewards and reads no report
landing-ways-title = What you can do here
landing-way-tip = File a tip
landing-way-return = Come back with your twelve words
landing-way-help = All the ways to report, also without scripts
landing-way-safety = First read how to stay safe
landing-knows-server =
    Everything you send is sealed on your own device. This server cannot read it and does not know who sent it. It does
    see that somebody is here now, and how much is sent; and it can tell that visits with the same twelve words belong
    together.
landing-knows-account = There is no account. Twelve words are your only key. Nobody can recover them for you.
landing-knows-officers =
    The officers read what you write and see your files. If the text or the files show who you are, they know.
landing-knows-reward =
    A reward is paid with blind tokens: whoever pays cannot see which report it belongs to. A bank account has a name,
    though.

## What to report

scope-intro =
    These are the fields this programme works on, as its charter commits to them. Choose the nearest one; if you are
    unsure, say so in your report.
scope-none = The charter names no fields yet. Come back when the programme has published it.
scope-classes = What counts as a breach
scope-evidence = What helps
scope-thresholds = Thresholds
scope-value = Value
scope-published = Published
scope-effective = In force from
scope-source = Source
scope-verified = Compared with the source
scope-no-retroaction = A threshold never applies to days before it was in force.
scope-pack = Rules { $id }, version { $version }. Digest of the file:
scope-knows = This page is the same for everybody: reading it does not tell the server which field you care about.
scope-check =
    A machine check compares the figures of a report with these rules. It answers “consistent”, “inconsistent” or
    “indeterminate”, never “proved”. People decide.

## Rewards

reward-intro =
    A reward is decided by two people after a report was found to be true. These are the formulas they are bound to.
reward-none = The charter names no reward policy yet, so nothing can be promised here.
reward-policy = Policy { $id }, version { $version }
reward-policy-titled = { $title }, version { $version } ({ $id })
policy-eu-pilot = European pilot
policy-sec-like = After the SEC's rules (United States)
policy-irs-like = After the IRS's rules (United States)
policy-hmrc-like = After HMRC's rules (United Kingdom)
reward-sanction =
    Share of a fine: { $base } of what was collected, if that is more than { $above }. Each reason to raise or lower it
    moves the share by { $step }; it stays between { $floor } and { $ceiling }. The part that you caused yourself does
    not count.
reward-full = If the highest share comes to at most { $limit } and nothing lowers it, the highest share is paid.
reward-compute =
    For a hidden training run: { $base } just above the threshold, growing slowly with its size, at most { $factor }
    times that. The estimate counts { $tolerance } lower than it is, in case it is wrong.
reward-harm =
    For harm: { $h1 } if slight, { $h2 } if serious, { $h3 } if grave, { $h4 } if catastrophic; { $near } of that if it
    nearly happened, { $latent } if it could have happened.
reward-larger = Paid is the share of the fine, or the run and the harm together, whichever is more.
reward-cap = No case takes more than { $cap } of the budget of { $budget }, nor more than is left of it.
reward-ceiling = No case takes more than { $ceiling }.
reward-source = Where the figures come from: { $source }
reward-unverified = Nobody has compared these figures with their source yet.
reward-examples = Worked examples
reward-example-fine = A fine of { $fine } was collected, nothing raises or lowers the share:
reward-example-lowered = The same fine with one reason to lower the share:
reward-example-run = A hidden run of { $flop } operations above a threshold of { $threshold }:
reward-example-harm = Serious harm that nearly happened:
reward-calculator = Calculator
reward-calculator-warning =
    The form sends these figures to this server, which computes, answers and forgets them: nothing is written down.
    Somebody who runs the server in secret could read them while it computes. If the exact figures could point to you,
    use round ones or do the sum on paper. Every answer has the same size.
calc-policy = Policy
calc-collected = Fine that was collected
calc-own = Part of it that you caused yourself
calc-up = Reasons to raise the share (0 to 9)
calc-down = Reasons to lower the share (0 to 9)
calc-flop = Operations of a hidden run, such as 3e25
calc-threshold = Threshold then in force, such as 1e25
calc-harm = Harm
calc-harm-none = none
calc-harm-h1 = slight
calc-harm-h2 = serious
calc-harm-h3 = grave
calc-harm-h4 = catastrophic
calc-happened = How far it came
calc-happened-realised = it happened
calc-happened-near-miss = it nearly happened
calc-happened-latent = it could have happened
calc-go = Compute
calc-result = Result
calc-amount = Under { $id } this gives { $amount }.
calc-parts = Share of the fine { $a1 }; hidden run { $a2 }; harm { $a3 }.
calc-caution = This assumes that the whole budget is still there. It is arithmetic and no promise.
calc-read = Read as: a fine of { $collected }, your own part of it { $own }.
calc-misread = { $field }: { $why } Nothing was stored.
calc-error =
    These figures cannot be used: write whole numbers, and operations as 3e25. Your own part cannot be larger than the
    fine. Nothing was stored.
reward-knows =
    The amount of every reward is public, under a random name (see “Open books”). To whom it was paid is not. If few
    people know what a case was worth, they may guess which reward belongs to it.

## Staying safe

safe-intro =
    Software hides your address and your words. It cannot hide what only you could know. These are the things that have
    given people away.
safe-where-title = Where you submit from
safe-where-device =
    Never a device of your employer, and not your own one if your employer has put software on it. It may record the
    screen and every key.
safe-where-crowd =
    Tor hides what you do, not that you use Tor. In 2013 a student at Harvard was found because he was one of very few
    people using Tor on the university’s network at that time. Use a large network that has nothing to do with your
    work, at a time when nothing points to you.
safe-where-time = Not during a meeting about the matter, and not right after you opened the documents.
safe-where-system =
    Best is a computer that starts from a live system such as Tails and forgets everything when it is switched off.
safe-words-title = Your words
safe-words-style =
    People and programs recognise an author by style. In one study, language models found two of three authors and were
    right nine times in ten (arXiv 2602.16800). Write short, plain sentences. Leave out favourite words, jokes and
    anecdotes. Prefer the structured questions to free text.
safe-words-circle = Before you name a fact, count who knew it. The smaller the circle, the closer the search.
safe-files-title = Your files
safe-files-copies =
    Ask first: how many people received this exact version? Some organisations give each reader a copy with other words,
    spaces or commas. Nothing can remove that. With fewer than ten readers, do not send the document: retell the facts
    in your own plain words.
safe-files-print =
    Paper from a colour printer can carry tiny dots that name the printer and the hour. A scan or a photograph keeps
    them.
safe-files-meta =
    A photograph can hold the place, the time and the camera’s number (EXIF); office files and PDFs hold the author’s
    name. Files are sent as they are, so that they keep their value as evidence: look at their properties first.
safe-after-title = Afterwards
safe-after-words =
    Keep the twelve words where your employer cannot look, best in your head. Whoever finds them can read what is
    unread, answer in your place and take the reward.
safe-after-talk = Tell nobody, and do not search for news about your own report.
safe-after-law = If you can, talk to a lawyer or a union first, from another device.
safe-knows = This server learns that somebody reads these pages, and not who. The pages are the same for everybody.

## Keys

keys-intro =
    Everything you send is sealed to people whom the programme names in its charter, and the charter is signed with the
    root key. If somebody put a false server in front of you, its root key would be another one.
keys-how-title = How to compare
keys-how-elsewhere =
    Find the root key in a place that this server does not control: printed, at a union, in a newspaper, on another
    site.
keys-how-all = Compare every group, not only the first and the last one.
keys-how-differ = If one differs, do not use this site, and tell the programme by another way.
keys-root = Root key, which signs the charter
keys-log = Key of the public log
keys-people-title = The people’s keys
keys-charter-title = The charter
keys-charter = Read it as it was signed:
keys-charter-none = No charter has been published yet.
keys-charter-check = The program checks it for you:
keys-policies = Files that the charter commits to, with their SHA-256:
keys-web-title = The page’s own code
keys-web =
    A page runs whatever code the server sends on that day. The charter names the digest of a list, “web-assets”, with
    the digest of every script. To check: save the list and the scripts, compute their SHA-256 and compare. One false
    page for one person is hard to notice from inside the page; the program does not have this weakness.
keys-web-none =
    This charter names no such list, so the scripts of this site cannot be compared with anything. Use the program
    instead.
keys-knows =
    Whoever holds the root key could name false people. Every charter stands in the public log for ever, so that this
    could not be hidden, but it could happen.

## Open books

books-intro =
    These sums are made from public records, each signed by as many administrators as the charter says. Anybody can
    make them again without asking anyone.
books-budget = Left in the budget
books-escrow = In escrow
books-issued = Issued as tokens
books-redeemed = Redeemed
books-outstanding = Outstanding
books-paid = Paid out and settled
books-findings =
    { $count ->
    [one] One thing in these records needs a look; “subrosa audit” says which.
   *[other] { $count } things in these records need a look; “subrosa audit” says which.
    }
books-clean = The books balance.
books-awards-title = Open award notices
books-awards =
    Each stands under a random name that leads to no case. The money is set aside until its tokens are issued.
books-awards-none =
    None is open now. That means: no award waits for its tokens. It says nothing about reports that are being looked
    into.
books-award-name = Random name
books-award-amount = Amount
books-log-title = The public log
books-log-size = Entries, including padding that hides how many are real:
books-log-none = The log begins when the first epoch closes.
books-log-checkpoint = Newest signed checkpoint
books-audit-title = How to check
books-audit = No account is needed. From two places that have nothing to do with each other, run:
books-knows =
    These figures show what was paid and nothing about who told. The server adds them up for this page and could show
    you false ones: the program does not trust it and checks every signature.

## How to report

help-intro =
    There are three ways. All of them seal what you write before it leaves your device. Take the first one that you can
    use.
help-program-title = 1. The program
help-program =
    The safest way, because its code does not come fresh from the server each time. It works with scripts off.
help-downloads = From this server:
help-downloads-none = This server does not offer the program. Get it where the programme publishes it.
help-downloads-check = Check the signature before you run it, with a key that you found elsewhere:
help-downloads-unsigned =
    There is no signature beside these files. A checksum from the same server protects from accidents and not from a
    false server.
help-downloads-sums = Then compare the checksum:
help-program-new = Start a report:
help-program-words = It shows twelve words once. Write them down and keep them where nobody finds them.
help-program-return = Read answers later, from any device, with nothing but the twelve words:
help-program-burn =
    Once you confirm that you have read an answer, it is destroyed and can never be opened again, not even with your
    words.
help-page-title = 2. This site in Tor Browser
help-page =
    Works at the levels Standard and Safer, because it needs scripts. You trust that the server sends you the right
    code.
help-page-none = This server does not offer it.
help-age-title = 3. Scripts off (Safest), with age
help-age =
    Encrypt on your own machine with the small program age, then paste or upload the result. You get a receipt code, but
    no conversation and no reward by this way alone.
help-age-link = To the sealed intake
help-limits-title = What this cannot do
help-limits-words = If you lose the twelve words, nobody can bring your report or your reward back to you.
help-limits-content = It cannot hide who you are if the text or the files themselves show it.
help-limits-machine = It cannot protect a device that somebody else controls.

## The sealed intake

sealed-title = The sealed intake
sealed-intro =
    For people whose browser runs no scripts. You encrypt on your own machine; this page takes the result and cannot
    read it. Never type your report here in plain text.
sealed-closed = This server has no sealed intake, or the charter names no recipients for it. Use the program.
sealed-recipients-title = 1. Get the recipients
sealed-recipients-pq = Recipients for age 1.3 or newer. What is sealed to them stays closed to a quantum computer, too:
sealed-recipients-classic =
    Recipients for older age, such as Debian’s 1.1. Somebody who records this now could open it with a future quantum
    computer:
sealed-recipients-check =
    The charter commits to these recipients under this SHA-256; compare it with the charter that the program shows:
sealed-encrypt-title = 2. Encrypt on your own machine
sealed-encrypt =
    Write into a file, without your name, on a machine that is yours. Several files: put them into one archive first.
    Then:
sealed-encrypt-old = or, with an older age:
sealed-send-title = 3. Send the result
sealed-paste = Paste the whole text, from BEGIN to END
sealed-upload = or choose the encrypted file (at most { $size } MB)
sealed-go = Send
sealed-knows-server =
    The server sees when something comes in, how long it is, and which kind of recipient it is sealed to; not what it
    says, nor who you are. It keeps it, as you sealed it, until the intake has passed it on, and its disk may show that
    hour until then.
sealed-knows-recipient =
    The server cannot check that you used the right recipients. If you used others, nobody here can ever open it.
sealed-knows-officer =
    Whoever steals an officer’s keys and password can open everything that was ever sent this way and recorded. The
    other two ways close behind themselves.
sealed-knows-answer =
    There is no way to answer you and no way to pay you. If you want either, report with the program as well and quote
    the receipt code.
received-title = Received
received-text =
    It is stored, sealed as you sent it. The intake passes it on to the officers and destroys this server’s copy.
received-code = Your receipt code, shown only now:
received-use =
    It opens nothing. It lets you prove to the officers later that this was yours. Whoever has it can claim the same, so
    keep it as you would keep the twelve words, or not at all.
received-classic = You used a recipient that a future quantum computer could break.
failed-back = To the first page
failed-missing-title = There is nothing here
failed-missing = There is nothing at this address, or nothing any more. It may be mistyped. Nothing was stored.
failed-unfit-title = This did not work
failed-unfit =
    This address does not take what your browser sent. Nothing was stored. Please begin again from the first page.
failed-busy-title = The server is busy
failed-busy = Too much is under way at this moment. Nothing was stored. Please try again in a minute.
failed-broken-title = The server has a fault
failed-broken = The server cannot store or read this now. What was accepted before is kept. Please try again later.
refused-title = Not received
refused-nothing = Nothing was stored.
refused-back = Back to the form
refused-empty = The form was empty: paste the text or choose a file, not both.
refused-not-age =
    This is not a whole age file. If you pasted it, take everything from the BEGIN line to the END line. If this was
    your report in plain text: it crossed the network to this server. The server read its beginning, stored nothing, and
    wiped what it could; a part may stay in its memory until that is used again. Encrypt it before you send it again.
refused-passphrase =
    This file is locked with a passphrase. The officers do not have it: encrypt to the recipients above instead.
refused-other = This file is sealed to another kind of key, such as an SSH key. Encrypt to the recipients of this page.
refused-too-long = This is longer than the intake takes. Send less, or use the program, which takes large files.
refused-broken = The transfer broke off or was not a form. Please try again.
refused-busy = Too many people send at this moment. Please try again in a few minutes.
refused-full = There is no room at the moment. Please try again later, or use the program.
