# What this language is, and which parts of Subrosa speak it: `public` are the pages that anybody can open, `console` is
# the officers' console with its report, `packs` the regime packs.

name = Deutsch
direction = ltr
surfaces = public, console, packs
