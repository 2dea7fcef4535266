from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.explore.insights import describe_neighbours
from fmnist.explore.samples import (
    build_facts,
    build_pixel_table,
    choose_samples,
    compute_class_mean,
    describe_item,
    find_neighbours,
)

Y = (np.arange(100) % 10).astype(np.uint8)


def test_seed_zero_keeps_the_order_of_the_file():
    page = choose_samples(Y, label=None, seed=0, count=12, page=2)
    assert page.rows.tolist() == list(range(13, 25))
    assert (page.page, page.n_pages, page.n_items) == (2, 9, 100)


def test_keeps_one_class():
    page = choose_samples(Y, label=3, seed=0, count=4, page=3)
    assert page.rows.tolist() == [84, 94]
    assert (Y[page.rows - 1] == 3).all()


@given(
    seed=st.integers(0, 2**32),
    count=st.integers(1, 120),
    label=st.one_of(st.none(), st.integers(0, 9)),
)
def test_pages_hold_every_item_once_and_repeat_for_a_seed(seed, count, label):
    first = choose_samples(Y, label=label, seed=seed, count=count, page=1)
    pages = [
        choose_samples(Y, label=label, seed=seed, count=count, page=number).rows
        for number in range(1, first.n_pages + 1)
    ]
    expected = np.arange(100) if label is None else np.flatnonzero(label == Y)
    assert sorted(np.concatenate(pages)) == (expected + 1).tolist()
    assert pages[0].tolist() == first.rows.tolist()


def test_seeds_differ():
    rows = [choose_samples(Y, label=None, seed=s, count=50, page=1).rows for s in (1, 2)]
    assert (rows[0] != rows[1]).any()


@pytest.mark.parametrize(("asked", "given_page"), [(-3, 1), (0, 1), (99, 10)])
def test_a_page_outside_is_the_nearest_one(asked, given_page):
    assert choose_samples(Y, label=None, seed=0, count=10, page=asked).page == given_page


def test_a_class_without_images_gives_one_empty_page():
    page = choose_samples(Y[Y != 4], label=4, seed=5, count=10, page=1)
    assert (page.rows.tolist(), page.page, page.n_pages, page.n_items) == ([], 1, 1, 0)


def make_images(*levels):
    return np.stack([np.full((28, 28), level, dtype=np.uint8) for level in levels])


def test_class_mean():
    x, y = make_images(10, 20, 250), np.array([1, 1, 2], dtype=np.uint8)
    assert (compute_class_mean(x, y, 1) == 15).all()
    with pytest.raises(ValueError, match="no image of Sandal"):
        compute_class_mean(x, y, 5)


def test_facts_of_one_image():
    image = np.zeros((28, 28), dtype=np.uint8)
    image[0, :14] = 100
    facts = build_facts(image, place="7 of x.csv (line 8)", label=5, class_mean=np.zeros((28, 28)))
    assert facts.class_name == "Sandal"
    assert facts.brightness == pytest.approx(1400 / 784)
    assert facts.brightest == 100
    assert facts.empty_share == pytest.approx(770 / 784)
    assert facts.mean_distance == pytest.approx(100 * np.sqrt(14))
    assert describe_item(facts).startswith("Row 7 of x.csv (line 8), label 5. Mean intensity 2")


def test_pixel_table_lies_as_the_image_does():
    image = np.arange(784).reshape(28, 28).astype(np.uint8)
    table = build_pixel_table(image)
    assert table.shape == (28, 28)
    assert table.loc[2, "3"] == image[1, 2]


def test_neighbours_are_nearest_first_and_leave_out_the_image_itself():
    x, y = make_images(50, 0, 53, 49, 50), np.array([0, 1, 2, 3, 4], dtype=np.uint8)
    found = find_neighbours(x, y, x[0], k=3, exclude_row=1)
    assert found.rows.tolist() == [5, 4, 3]
    assert found.labels.tolist() == [4, 3, 2]
    assert found.distance.tolist() == pytest.approx([0, 28, 84])


def test_neighbours_across_chunks_agree_with_a_plain_search():
    rng = np.random.default_rng(2)
    x = rng.integers(0, 256, (5000, 28, 28), dtype=np.uint8)
    query = rng.integers(0, 256, (28, 28), dtype=np.uint8)
    gap = np.sqrt(((x.astype(np.int64) - query) ** 2).sum(axis=(1, 2)))
    found = find_neighbours(x, np.zeros(5000, dtype=np.uint8), query, k=5)
    assert found.rows.tolist() == (np.argsort(gap)[:5] + 1).tolist()
    assert found.distance == pytest.approx(np.sort(gap)[:5])


def test_fewer_neighbours_come_from_a_smaller_set():
    x, y = make_images(1, 2), np.array([6, 6], dtype=np.uint8)
    found = find_neighbours(x, y, x[0], exclude_row=1)
    assert found.rows.tolist() == [2]
    assert "1 of the 1 nearest training images are also Shirt" in describe_neighbours(found, 6)
    alone = find_neighbours(x[:1], y[:1], x[0], exclude_row=1)
    assert alone.rows.tolist() == []
    assert "no other training images" in describe_neighbours(alone, 6)
