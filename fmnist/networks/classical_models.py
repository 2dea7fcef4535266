"""The classical models by name, with their default recipes and reasons; needs no scikit-learn."""

from __future__ import annotations

from typing import Final

from fmnist.networks.info import NetworkInfo
from fmnist.runs import Recipe

_ANY_SIZE: Final = (1, 10**9)

CLASSICAL_MODELS: Final[dict[str, NetworkInfo]] = {
    info.name: info
    for info in (
        NetworkInfo(
            name="logistic_regression",
            title="Logistic regression",
            summary=(
                "One weight for each pixel and class: the least that a network has to beat. A "
                "network without hidden layers."
            ),
            recipe=Recipe(network="logistic_regression", epochs=100, inverse_regularisation=0.1),
            parameter_range=_ANY_SIZE,
            reasons={
                "Pixels from 0 to 1, less their means": "One scale for all, so that one C fits "
                "all weights; centred, the fit takes fewer passes.",
                "Softmax over ten classes": "Its probabilities are those that it was fitted for.",
                "L-BFGS": "Takes few passes over the images, and no learning rate to choose.",
            },
        ),
        NetworkInfo(
            name="k_nearest_neighbours",
            title="k-nearest neighbours",
            summary=(
                "The classes of the most similar training images vote: by pixels, or by the "
                "features of a finished network."
            ),
            recipe=Recipe(network="k_nearest_neighbours"),
            parameter_range=_ANY_SIZE,
            reasons={
                "Keeps every training image": "Nothing is learned; the file holds the images as "
                "bytes, 42 MB for 54,000 of them, and each answer compares with all.",
                "Euclidean distance": "Exact between images, whose pixels are whole numbers.",
                "Equal votes": "The probability of a class is its share of the neighbours, so it "
                "is often 0 and the loss is high.",
                "Features of a network": "A run to start from: its images are compared as its "
                "last layer sees them, which shows how much of its accuracy is in its features.",
            },
        ),
        NetworkInfo(
            name="random_forest",
            title="Random forest",
            summary="A vote of many decision trees, each grown on a different sample of images.",
            recipe=Recipe(network="random_forest"),
            parameter_range=_ANY_SIZE,
            reasons={
                "Pixels as they are": "A split compares one pixel with a threshold; no scale.",
                "28 pixels a split": "The square root of 784, so that the trees differ "
                "(Breiman 2001).",
                "Trees grown to the end": "Their errors average out. A leaf size above 1 makes "
                "the file smaller.",
            },
        ),
        NetworkInfo(
            name="gradient_boosting",
            title="Gradient boosting",
            summary="Small trees on the pixels, each of which corrects the sum of those before.",
            recipe=Recipe(network="gradient_boosting", learning_rate=0.1),
            parameter_range=_ANY_SIZE,
            reasons={
                "31 leaves a tree": "scikit-learn's own choice, as LightGBM's: weak trees, many "
                "of them.",
                "A tenth of the pixels a split": "The trees differ more, which made the first "
                "rounds more accurate, and faster by a quarter.",
                "No early stopping": "The same number of rounds whatever the images, so that "
                "runs compare.",
            },
        ),
        NetworkInfo(
            name="linear_svm",
            title="Linear SVM on HOG",
            summary=(
                "A linear support vector machine on histograms of oriented gradients: features "
                "made by hand, as before convolutional networks."
            ),
            recipe=Recipe(network="linear_svm", epochs=20),
            parameter_range=_ANY_SIZE,
            reasons={
                "Histograms of oriented gradients": "Outlines by direction in cells of 4×4 pixels, "
                "normalised in blocks of 2×2 cells (Dalal & Triggs 2005): 1,296 numbers per image.",
                "Stochastic gradient descent on the hinge loss": "Its weights are averaged over "
                "all steps. Takes less memory than a quadratic solver, and can be stopped.",
                "Softmax of the margins": "An SVM gives margins. Their temperature is fitted to "
                "the validation images, whose loss is a little too good for that.",
            },
        ),
    )
}
