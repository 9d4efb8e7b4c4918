"""Everything that ``make bench`` prints; ``make bench-large`` is apart, as it takes a quarter of an hour by itself."""

from tests.benchmarks import (
    bench_dense,
    bench_desk,
    bench_dialogues,
    bench_encoding,
    bench_load,
    bench_memory,
    bench_nothing,
    bench_question,
    bench_retrieval,
    bench_sync,
    fit_reading,
    fit_retrieval,
)

for bench in (
    bench_encoding,
    bench_sync,
    bench_question,
    bench_desk,
    bench_load,
    bench_dense,
    bench_nothing,
    bench_memory,
    bench_retrieval,
    bench_dialogues,
    fit_retrieval,
    fit_reading,
):
    print(f"\n== {bench.__name__.rpartition('.')[2]}", flush=True)
    bench.main()
