# Words on the public pages. One message a line; indented lines continue it.
skip = Skip to the text
nav-label = Pages
nav-start = Start
nav-help = Help
nav-languages = Languages
footer = This site sets no cookies, loads nothing from anywhere else, and keeps no record of who visits it.
footer-charter = Charter, version { $version }

landing-title = Report a concern in confidence
landing-what = Here you can tell this programme about a breach of the rules for artificial intelligence. You do not give
    your name. You can come back later to read answers, and you can receive a reward without saying who you are.
landing-warning = Do not open this site from a computer or a network of your employer. Use Tor Browser on your own
    device.
landing-promise-title = What you can rely on
landing-promise-server = Everything you send is sealed on your own device. This server cannot read it and does not know who sent it.
landing-promise-account = There is no account. Twelve words are your only key. Nobody can recover them for you.
landing-promise-reward = If a reward is decided, it is paid with blind tokens: whoever pays cannot see which report it belongs to.
landing-submit-title = How to report
landing-submit = Reports are made with a small program on your own device.
landing-submit-link = Read how it works
landing-notice-title = Your legal position
landing-notice-none = The programme has not published its charter yet. Its notice about your legal position will stand here. Please wait with your report until then.
landing-keys-title = Keys to compare
landing-keys = Compare these with the keys that the programme has published elsewhere, for example in print. If the root key differs, do not use this site.
landing-key-root = Root key, which signs the charter
landing-key-log = Key of the public log

help-title = Help
help-before-title = Before you begin
help-before-place = Choose a place and a device that your employer does not control.
help-before-tor = Connect over Tor. Without it, the network sees that you talk to this server.
help-before-files = Files can carry names, printer marks and locations inside. Send only what you need, and think about who else had the same file.
help-submit-title = Make a report
help-submit-get = Get the program from the programme's own publications and check its signature.
help-submit-compare = Compare the root key that it shows with the one that you found elsewhere.
help-submit-new = Start a report:
help-submit-words = Write down the twelve words that it shows, and keep them where nobody finds them. The program does not show them again.
help-return-title = Come back
help-return = Read answers, from any device, with nothing but your twelve words:
help-return-burn = Once you confirm that you have read an answer, it is destroyed and can never be opened again, not even with your words.
help-limits-title = What this cannot do
help-limits-words = If you lose the twelve words, nobody can bring your report or your reward back to you.
help-limits-content = It cannot hide who you are if the text or the files themselves show it.
help-limits-machine = It cannot protect a device that somebody else controls.
