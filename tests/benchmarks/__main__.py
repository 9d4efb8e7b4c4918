"""Everything that ``make bench`` prints."""

from tests.benchmarks import bench_encoding, bench_question, bench_retrieval, fit_reading

for bench in (bench_encoding, bench_question, bench_retrieval, fit_reading):
    print(f"\n== {bench.__name__.rpartition('.')[2]}")
    bench.main()
