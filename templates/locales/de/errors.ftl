# What went wrong, by the stable names of errors.
