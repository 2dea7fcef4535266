"""Statistics of a data set for the Explore pages: pure functions, without pages and charts.

* ``balance``: number of images of each class in each split
* ``duplicates``: identical and nearly identical images, inside and across the splits
* ``samples``: the images on a page of samples; facts and nearest neighbours of one image
* ``pixels``: statistics of the pixels of one split, computed in one pass
* ``templates``: mean and outline of a class, to draw over
* ``insights``: the captions of the charts, with numbers taken from the results above
"""
