"""Fashion-MNIST Lab: see how a network learns to tell clothes apart.

The rooms, lowest first; a room imports from those above it in this list, never below:

* ``classes``, ``errors``, ``settings``: the ten names, what can go wrong, where things live
* ``data``: find, verify, download, parse, cache and split the data set
* ``explore``: what the three data pages show, as pure functions of a ``Dataset``
* ``images``: a photo or a drawing becomes one 28×28 image, each step kept
* ``runs``: the run directory, the one place where processes meet
* ``networks``: what can be trained, each decision with its reason
* ``evaluation``: metrics and comparisons, from stored predictions
* ``training``: recipe to finished run, in a process of its own
* ``inference``: trained networks answering, in worker processes
* ``launching``: start, queue and stop training processes
* ``charts``: arrays to Plotly figures
* ``ui``: the Streamlit code that pages share
"""

import os

# TensorFlow leaves oneDNN's kernels off on processors without AVX512-VNNI, where they still make
# 1.4 times as many steps (decision 10). It reads this at its import, in whatever process.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
