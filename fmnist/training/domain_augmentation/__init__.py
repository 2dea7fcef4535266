"""Domain augmentation: makes training images look like outside pictures at 28×28.

At 28×28 a photo or a drawing differs from the data set's own images: the garment is tilted, sleeves
are spread, shoes come in pairs and are seen from above, a wearer's head or trousers are visible,
tones are those of other fabrics in other light, and drawings have no tones at all.
``augment_batch`` makes such changes and keeps the label. Some images become outliers, which belong
to none of the ten classes, so that the network learns to be undecided about them.

Each module is one stage, with its tunable constants in a frozen dataclass, ``PARAMETERS``.
"""

from fmnist.training.domain_augmentation.augment import augment_batch, augment_image

__all__ = ["augment_batch", "augment_image"]
