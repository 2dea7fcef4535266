from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.runs import RunState
from fmnist.study import StudyState


def draw() -> None:
    import streamlit as st

    from fmnist.runs import RunState
    from fmnist.study import StudyState
    from fmnist.ui.shell.run_lifecycle import render_badge, render_stop_or_resume

    noun = st.query_params["noun"]
    state = (RunState if noun == "run" else StudyState)(st.query_params["state"])
    render_badge(state)
    render_stop_or_resume(
        noun,
        state,
        stop=lambda: st.caption("stopped"),
        resume=lambda: st.caption("resumed"),
        stop_label="Stop it",
        owner="Ada",
    )


@pytest.mark.parametrize(
    ("noun", "state"),
    [*(("run", state) for state in RunState), *(("study", state) for state in StudyState)],
)
def test_each_state_has_a_badge_and_the_button_that_fits(noun: str, state: str) -> None:
    app = AppTest.from_function(draw)
    app.query_params["noun"], app.query_params["state"] = noun, str(state)
    app.run()
    assert not app.exception
    assert f"{state}]" in app.markdown[0].value
    expected = {"queued": "Stop it", "starting": "Stop it", "running": "Stop it"}
    expected |= dict.fromkeys(("stopped", "failed", "lost", "damaged"), "Resume")
    labels = [button.label for button in app.button]
    assert labels == ([expected[state]] if state in expected else [])


def delete_some() -> None:
    import streamlit as st

    from fmnist.errors import RunError
    from fmnist.ui.shell.run_lifecycle import delete, render_undo, restore

    def refuse() -> None:
        raise RunError("b is training. Stop it before you delete it.")

    def undo(names) -> None:
        restore("run", names, lambda _name: None)

    if st.query_params.pop("delete", None):
        gone = delete("run", {"a": lambda: None, "b": refuse, "c": lambda: None})
        st.caption(f"gone: {gone}")
    render_undo("study", undo)
    render_undo("run", undo)


def test_what_was_deleted_can_be_undone_and_refusals_become_toasts() -> None:
    app = AppTest.from_function(delete_some)
    app.query_params["delete"] = "yes"
    app.run()
    assert [caption.value for caption in app.caption] == [
        "gone: ['a', 'c']", "2 runs were deleted.",
    ]  # fmt: skip
    assert "b is training" in app.toast[0].value
    app.button(key="undo_run").click().run()
    assert not app.caption
    assert not app.button
