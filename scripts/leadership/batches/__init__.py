"""All sheets, read in batches over the cores, packed small, and kept for the next build.

`batch` reads and flattens the sheets; `cores` spreads that over processes, `packs` makes their rows small, `kept` saves what did not
change. Outside are used: `gather`, `read_sheet` and `source_id` of the first, and what spreads and packs other work too.
"""
