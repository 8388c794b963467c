"""OpenAI leadership dataset: from fact sheets to a database whose every cell leads to its source.

Data runs one way, one module a step::

    reading → sheets → claims → settling → projecting → writing
    (YAML)    (keys)   (what is said)  (what is accepted)  (rows)  (SQLite)

`batches` takes the sheets through the first three steps on all cores.
`schema` says which kinds of subjects there are and what can be claimed of them; `when` and `amounts` read dates and
numbers; `succession` holds the checks on who followed whom; `descriptions` compares the tables with `metadata.yml`.
"""
