"""A hundred cases near a partnership, by two workers of a Dask cluster on this machine (``benchmarks.batches``)."""

from importlib.util import find_spec
from pathlib import Path

from benchmarks.batches import local_cluster, measure
from benchmarks.registry import Found, method
from scenarios.batch.cluster import Cluster
from scenarios.batch.watch import Watch


@method("scenarios_dask", kind="scenarios", missing=lambda: None if find_spec("distributed") else "no distributed")
def run(path: Path, watch: Watch) -> Found:
    """The cluster is there before the clock starts."""
    with watch.phase("cluster"), local_cluster(2) as address:
        return measure(path, watch, Cluster(address))
