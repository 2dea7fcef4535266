"""The glossary: tooltips on pages, and ``docs/glossary.md``; a test keeps both equal.

To add a term, add an entry here and run ``python -m fmnist.ui.shell.glossary > docs/glossary.md``.
"""

from __future__ import annotations

import sys
from typing import Final

GLOSSARY: Final[dict[str, str]] = {
    "ablation": "Trains the network again with one decision of its recipe removed, to measure how "
    "much validation accuracy that decision contributes.",
    "accuracy": "Share of images classified correctly.",
    "augmentation": "Random changes of the training images that keep their class, such as "
    "mirroring, so that the network sees more variety.",
    "balanced accuracy": "Mean of the recalls of all classes; equal to the accuracy where all "
    "classes are equally frequent.",
    "baseline": "A simple network that a better one has to beat.",
    "batch": "The images whose mean gradient makes one training step.",
    "batch normalisation": "A layer that scales each channel to mean 0 and variance 1 over the "
    "batch, then learns a scale and an offset. It makes training faster and more stable.",
    "calibration": "How well probabilities match reality: of the predictions with a confidence of "
    "80%, 80% should be correct.",
    "channel": "One of the maps of numbers that a convolution outputs, one for each filter.",
    "confidence": "The probability of the predicted class.",
    "confidence interval": "A range that contains the true value in 95% of repetitions. A test on "
    "10,000 images determines an accuracy to about ±0.5 percentage points.",
    "confusion matrix": "Counts images by true class (row) and predicted class (column). The "
    "diagonal holds the correct ones.",
    "convolution": "A layer that applies the same small filters at each position of an image or "
    "feature map.",
    "cosine schedule": "A learning rate that rises for a few steps, then falls like half a cosine "
    "wave to nearly zero.",
    "cross-entropy": "The loss of a classifier: minus the logarithm of the probability that it "
    "gives the true class, averaged over images. Unit: nats.",
    "dropout": "Sets a random share of the units to zero in each training step, which reduces "
    "overfitting. Switched off when the network predicts.",
    "early stopping": "Ends the training when validation accuracy has not improved for some "
    "epochs.",
    "ECE": "Expected calibration error: mean gap between confidence and accuracy over bins of "
    "confidence, weighted by the number of images in each. 0 is perfect.",
    "EMA": "Exponential moving average of the weights over the training steps. It usually "
    "classifies better than the weights of the last step.",
    "epoch": "One pass over all training images.",
    "F1": "Harmonic mean of precision and recall of a class, from 0 to 1.",
    "faithfulness": "Whether the pixels marked by a map are those that the prediction depends on: "
    "how its probability falls as they are deleted, and rises as they are inserted.",
    "feature map": "The output of a convolution: one value for each position and channel.",
    "global average pooling": "Replaces each feature map by its mean, which leaves one number for "
    "each channel.",
    "in-distribution score": "How similar a picture is to the training images, measured in the "
    "network's features. A low score means that the prediction should not be trusted.",
    "label smoothing": "Trains with 90% instead of 100% for the true class, for example, which "
    "limits overconfidence and the harm of wrong labels.",
    "learning rate": "Step size of the optimiser. Too high: the loss oscillates. Too low: it falls "
    "slowly.",
    "learning-rate range test": "Trains for a few steps while the learning rate grows, and shows "
    "at which rates the loss falls.",
    "logit": "Output of the last layer before softmax turns it into a probability; any real "
    "number.",
    "loss": "What training minimises; here the cross-entropy.",
    "macro F1": "Mean of the F1 of all classes, each class counted equally.",
    "McNemar test": "Compares two classifiers on the same images by those that only one of them "
    "gets right. A small p-value: the difference is hardly chance.",
    "max pooling": "Keeps the largest value of each 2×2 square, which halves height and width.",
    "mixed precision": "Computes most steps with 16-bit numbers and keeps the weights in 32 bits; "
    "faster on processors with support for it.",
    "occlusion": "Covers one patch of the picture after another and measures how much the "
    "probability of the predicted class falls: where it falls most, the patch matters most.",
    "overfitting": "Learning the training images by heart: training accuracy rises while "
    "validation accuracy does not.",
    "parameter": "A number in the network that training adjusts.",
    "precision": "Of the images predicted as a class, the share that belongs to it.",
    "prediction set": "The classes that a network does not rule out. Conformal prediction chooses "
    "them so that the true class is among them for a promised share of new images.",
    "pruning": "Ends a trial of a study early when it falls behind the others.",
    "recall": "Of the images of a class, the share that is predicted as that class.",
    "receptive field": "The part of the image that one value of a feature map depends on. It grows "
    "from layer to layer.",
    "recipe": "All settings of a training run. Equal recipes on equal data give equal networks.",
    "residual block": "Layers whose input is added to their output by a shortcut, so that deep "
    "networks can be trained.",
    "risk": "Error rate among the images that are answered. The fewer, and the more confident, the "
    "lower it is.",
    "run": "One training of a network, with its recipe, curves, weights and report.",
    "seed": "Starts the random number generators; the same seed gives the same network.",
    "softmax": "Turns logits into probabilities that add up to 1.",
    "squeeze-and-excitation": "A gate in a residual block: weights each channel by a factor from 0 "
    "to 1, computed from the means of all channels.",
    "temperature": "A number by which logits are divided before softmax, fitted on validation "
    "images, to calibrate the probabilities. The predicted class stays the same.",
    "test set": "Images that are evaluated once, when a run is finished; no decision depends on "
    "them.",
    "validation set": "Training images that the network does not learn from. They decide which "
    "epoch is kept.",
    "weight decay": "Pulls the weights towards zero in each step, which reduces overfitting.",
    "Wilson interval": "A confidence interval for a share, such as an accuracy, that is also valid "
    "near 0% and 100%.",
}
"""Terms that a first-year student may not know, each with one or two sentences."""


def glossary(term: str) -> str:
    """Return the explanation of a term, for the ``help`` of a widget.

    Raises:
        KeyError: the glossary has no such term.
    """
    return GLOSSARY[term]


def format_glossary() -> str:
    """Return the glossary as Markdown, in alphabetical order."""
    entries = sorted(GLOSSARY.items(), key=lambda entry: entry[0].casefold())
    lines = [f"**{term[0].upper()}{term[1:]}**: {text}" for term, text in entries]
    head = "# Glossary\n\nThe same entries are the tooltips on the pages.\n\n"
    return head + "\n\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(format_glossary())
