"""What the data pages show: pure functions of a data set, with no page and no chart in them.

* ``balance``: how many images each class has in each split
* ``duplicates``: images that are the same, or nearly so, inside and across the splits
* ``samples``: which images a page of samples holds, and what is known about one of them
* ``pixels``: everything counted over the pixels of one split, in one pass
* ``insights``: the sentences beside the charts, their numbers taken from those results
"""
