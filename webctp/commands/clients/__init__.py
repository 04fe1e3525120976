"""What client packages in ``clients/`` are made of: types and requests, from the catalogue.

``python -m webctp docs`` writes them, together with the pages.
"""
