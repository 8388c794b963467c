"""What the site says and how: words, dates and pictures for its pages, what people ask of it, and what it allows.

Nothing of it is in the database: a phrase may change without a new build.
"""
