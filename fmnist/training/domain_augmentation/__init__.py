"""Training images in disguise: as they would look had a outlier's picture led to them.

What a photo or a drawing becomes on its way to 28×28 differs from the data set's own images: the
garment hangs askew, sleeves are spread, shoes stand in pairs and are seen from above, a wearer's
head or trousers are left, tones are those of other cloth in other light, drawings have no tones
at all. ``augment_batch`` does that to training images, and leaves them the garments they are;
a few become something that is no garment of the ten, for the network to be undecided about.
"""

from fmnist.training.domain_augmentation.augment import OUTLIER, augment_batch, augment_image

__all__ = ["OUTLIER", "augment_batch", "augment_image"]
