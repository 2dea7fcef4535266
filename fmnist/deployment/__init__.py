"""Deploys a run as an Amazon SageMaker endpoint, and removes it without leftovers.

``archive`` builds what SageMaker loads, ``plan`` names what to create, ``needs`` the
permissions for it, ``preflight`` checks them, ``creation`` creates and rolls back, ``status``
looks, ``removal`` deletes. ``aws`` is the one module that imports boto3, an extra.
"""
