# What this language is, and which parts of Subrosa speak it: `public` are the pages that anybody can open, `console` is
# the officers' console with its report, `packs` the regime packs.

name = English
direction = ltr
surfaces = public, console, packs

# How it writes numbers. An amount has its currency's symbol, or its code where there is none.

number-point = .
number-group = ,
number-money = { $symbol }{ $amount }
number-money-code = { $code }{"\u00A0"}{ $amount }
number-share = { $number }%
