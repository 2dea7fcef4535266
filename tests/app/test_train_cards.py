"""The networks as cards of the Set up view."""

from __future__ import annotations

import pytest

from fmnist.networks import NETWORKS
from tests.support.pages import choose_network, find, in_url, labels, open_page, show_view
from tests.support.runs import make_run, write_launch

pytestmark = pytest.mark.usefixtures("spawned")


def read_cards(app) -> list[str]:
    return [block.proto.body for block in app.get("html")]


def test_each_network_has_a_card_with_its_picture_and_sentence() -> None:
    app = open_page("train")
    assert {info.title for info in NETWORKS.values()} <= set(labels(app))
    cards = "".join(read_cards(app))
    assert cards.count("<img ") == len(NETWORKS)
    assert cards.count("Not trained yet.") == len(NETWORKS)


def test_card_says_what_was_reached_and_how_long_it_takes_here() -> None:
    make_run("finished", network="baseline")
    write_launch(make_run("stopped", network="baseline"), alive=False)
    (card,) = [card for card in read_cards(open_page("train")) if "95.00%" in card]
    assert "0.54 M parameters" in card
    # 540 of 600 images 40 times at 900 images a second
    assert "40 epochs: 30 s here" in card


def test_card_of_the_chosen_network_is_marked_and_the_url_names_it() -> None:
    app = choose_network(open_page("train"), "compact")
    assert in_url(app, "network") == "compact"
    assert app.button(key="network_compact").proto.type == "primary"
    assert app.button(key="network_cnn").proto.type == "secondary"


def test_classical_model_is_chosen_from_its_box() -> None:
    app = choose_network(open_page("train"), "random_forest")
    assert in_url(app, "network") == "random_forest"
    assert find(app.number_input, "Trees").value == 100
    choose_network(app, "cnn")
    assert find(app.selectbox, "Classical model").value is None


def test_choice_stays_while_design_shows_another_network() -> None:
    app = choose_network(open_page("train"), "compact")
    show_view(app, "Design")
    find(app.selectbox, "Network").set_value("record").run()
    show_view(app, "Set up")
    assert app.button(key="network_compact").proto.type == "primary"
