"""`make verify`: asks politely for the pages that were read, looks the anchors up in them, and records what was found.

One module has one job: `targets` says what is to be looked up where, `hosts` when a host may be asked and for what,
`fetching` gets a page, `pagetext` makes text of it, `judging` says what was found, `archives` knows copies in a web archive,
`recording` keeps the verifications in `raw/verified.yml`, and `round` goes through all of it. A build uses none of this.
"""
