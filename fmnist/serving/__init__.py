"""The endpoint: one run's network answers by HTTP, as Amazon SageMaker asks for it.

``bodies`` turns a request's body into images and ``answers`` their probabilities into a response;
both need NumPy alone, so that they also run inside of SageMaker's own container.
``network`` holds the network, ``app`` is the web application, ``server`` runs it.
"""
