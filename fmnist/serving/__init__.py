"""The endpoint: serves one run's network over HTTP, with the interface of Amazon SageMaker.

``bodies`` turns a request's body into images and ``answers`` their probabilities into a response;
both need NumPy alone, so that they also run in SageMaker's own container.
``network`` holds the network, ``app`` is the web application, ``server`` runs it.
"""
