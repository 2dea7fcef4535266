from fmnist.runs import Run
from fmnist.ui.train import live
from tests.support.runs import make_run


def test_the_curves_of_a_run_are_read_once_for_all_who_watch_it(monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path))
    run, reads = make_run("running"), []
    load = Run.load_steps
    monkeypatch.setattr(Run, "load_steps", lambda self: reads.append(self.run_id) or load(self))
    with live._load_curves.cache.timer:  # the clock stands still
        first = live._load_curves(run)
        assert live._load_curves(run) is first
    assert reads == [run.run_id]
    assert list(first[0]["step"]) == [5]
    assert list(first[1]["epoch"]) == [1]


def test_a_new_epoch_is_read_at_once(monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path))
    run = make_run("running")
    with live._load_curves.cache.timer:
        live._load_curves(run)
        with (run.path / "history.csv").open("a") as history:
            history.write("2,2,0.4,1.5,0.5,0.001,3\n")
        assert list(live._load_curves(run)[1]["epoch"]) == [1, 2]
