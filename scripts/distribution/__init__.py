"""From the finished database to what others take home: files in many formats, descriptors, versions.

Everything is made of one database and `metadata.yml`; nothing here reads `raw/`.
"""
