"""A guided lesson: seven steps, each a card on its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from fmnist.ui.shell.url import read_integer, write_parameter

_PARAMETER: Final = "lesson"


@dataclass(frozen=True)
class Step:
    """One step of the lesson.

    Attributes:
        title: the subject of the step.
        page: the stem of its page.
        task: the task of the step.
        meaning: the result, and its explanation.
        query: additional parameters of the page's URL.
    """

    title: str
    page: str
    task: str
    meaning: str
    query: dict[str, str] = field(default_factory=dict)


STEPS: Final = (
    Step(
        "Look at the data",
        "samples",
        "Look through a page of images. Then choose one class, and page on until you have seen an "
        "image that you would have put into another class.",
        "A network has nothing but these 28×28 numbers and ten labels. Where you hesitate, the "
        "pixels say little, and some labels are wrong. No network will be right there each time.",
    ),
    Step(
        "Predict by eye",
        "pixel_statistics",
        "Look at the mean image of each class. Which classes would you tell apart by the mean "
        "alone, and which three look most alike?",
        "Trousers and bags have shapes of their own. Shirts, pullovers and coats share theirs: "
        "telling them apart takes details such as collars, zips and buttons.",
    ),
    Step(
        "Train a network for a minute",
        "train",
        "Choose *Baseline*, set *Epochs* to 12, then press *Start training*.",
        "The network begins with random weights and guesses: one in ten is right. After each batch "
        "of images every weight moves a little in the direction that lowers the loss.",
    ),
    Step(
        "Read the curves",
        "train",
        "Watch loss and accuracy, and the thirty images beside them. Which images become right "
        "first, and which stay wrong?",
        "The loss falls fast, then slowly: first the network learns shapes, then details. Training "
        "and validation stay close together while it learns what holds for new images; when "
        "validation stops improving and training goes on, it learns its images by heart.",
        {"view": "watch"},
    ),
    Step(
        "Read the confusion matrix",
        "evaluate",
        "Find the darkest cell beside the diagonal and click it.",
        "Rows are true classes, columns what the network said. Mistakes are not spread evenly: "
        "they sit between classes that look alike, those from the second step.",
    ),
    Step(
        "Look at mistakes",
        "evaluate",
        "Look through the mistakes, the most confident first. With which of them do you agree?",
        "A confident mistake is worth a closer look: either the label is wrong, or the network has "
        "learned a shortcut, such as dark shoes with a heel being boots.",
        {"view": "Mistakes"},
    ),
    Step(
        "Draw",
        "predict",
        "Draw a boot, and watch the bars after each stroke. Then turn it into a sandal.",
        "Your drawing becomes 28×28 pixels like those of the data set. What the network has never "
        "seen, such as thin outlines, it has to judge by what it knows.",
        {"way": "Draw"},
    ),
)


def render_lesson() -> None:
    """Draw the card of the step in the URL (``lesson=1`` to ``7``), if any."""
    number = read_integer(_PARAMETER, 1, len(STEPS))
    if number is None:
        return
    step = STEPS[number - 1]
    with st.container(border=True, key="lesson"):
        st.markdown(f"**Step {number} of {len(STEPS)}: {step.title}.** {step.task}")
        with st.expander("What you see, and why"):
            st.markdown(step.meaning)
        with st.container(horizontal=True, vertical_alignment="center"):
            if number > 1:
                render_lesson_link(number - 1, "Back", "arrow_back")
            if number < len(STEPS):
                render_lesson_link(number + 1, "Next step", "arrow_forward")
            st.button(
                "Leave the lesson" if number < len(STEPS) else "Finish",
                type="tertiary",
                on_click=write_parameter,
                args=(_PARAMETER, None),
                key="lesson_leave",
            )


def render_lesson_link(number: int, label: str, icon: str) -> None:
    """Draw a link to a step of the lesson, 1 to 7."""
    step = STEPS[number - 1]
    st.page_link(
        f"pages/{step.page}.py",
        label=label,
        icon=f":material/{icon}:",
        query_params={_PARAMETER: str(number), **step.query},
        width="content",
    )
