# What this language is, and which parts of Subrosa speak it: `public` are the pages that anybody can open, `console` is
# the officers' console with its report, `packs` the regime packs.

name = Français
direction = ltr
surfaces = public, packs

# How it writes numbers. An amount has its currency's symbol, or its code where there is none.

number-point = ,
number-group = {"\u202F"}
number-money = { $amount }{"\u00A0"}{ $symbol }
number-money-code = { $amount }{"\u00A0"}{ $code }
number-share = { $number }{"\u00A0"}%
