"""Domain augmentation: training images changed to look like outside pictures at 28×28.

At 28×28 a photo or a drawing differs from the data set's own images: the garment is tilted,
sleeves are spread, shoes come in pairs and are seen from above, a wearer's head or trousers are
visible, tones are those of other cloth in other light, and drawings have no tones at all.
``augment_batch`` makes such changes and keeps the label; some images become outliers, which are
none of the ten classes, for the network to be undecided about.

Each module is a stage with its tunable constants in one frozen dataclass, ``PARAMETERS``.
"""

from fmnist.training.domain_augmentation.augment import augment_batch, augment_image

__all__ = ["augment_batch", "augment_image"]
