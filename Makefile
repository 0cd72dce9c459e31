# What people type here; `.ci/run` calls the same.

SWIFT ?= swift
BIN = $(shell $(SWIFT) build --show-bin-path)

.PHONY: build test lint check examples examples-essay examples-experiments examples-tasks \
  examples-loop examples-c examples-swift examples-trainers mpo-loop wheel wheel-test python-test \
  fuzz bench bench-python clean

build:
	$(SWIFT) build

# The laws run over RUBRIC_CASES generated rubrics each (2,000 if not set), from RUBRIC_SEED if it
# is set.
test:
	$(SWIFT) test --disable-xctest --explicit-target-dependency-import-check error

lint:
	git ls-files -z '*.swift' | xargs -0 $(SWIFT) format lint --strict --parallel

# Which module may import what, and what the program may be linked against.
check: build
	Scripts/check-imports
	Scripts/check-linkage $(BIN)/rubricctl

examples: examples-essay examples-experiments examples-tasks examples-loop examples-c examples-swift

# RUBRIC is a rubric to play the story on instead of the example's own.
examples-essay: build
	RUBRICCTL=$(BIN)/rubricctl examples/essay/run $(RUBRIC)

examples-experiments: build
	RUBRICCTL=$(BIN)/rubricctl examples/experiments/run $(RUBRIC)

# With RUBRICCTL_ENDPOINT and RUBRICCTL_MODEL a model judges; Scripts/model-server starts a small one.
examples-tasks: build
	RUBRICCTL=$(BIN)/rubricctl examples/tasks/run

# A short pass; `make mpo-loop` is the whole one.
examples-loop: build
	RUBRICCTL=$(BIN)/rubricctl MPO_LOOP=$(BIN)/mpo-loop examples/mpo_loop/run

# The C interface, compiled as strict C99 and as C++.
examples-c: build
	examples/c/run $(BIN)

# A package of its own, which builds the libraries again.
examples-swift:
	examples/swift-trainer/run

# TRL, verl, OpenRLHF and verifiers, each in an environment of its own; downloads them. ONLY names
# some of them.
examples-trainers: bindings/python/dist
	examples/run-trainers $(ONLY)

bindings/python/dist:
	bindings/python/build-wheel

# The Python package with the library and all that it needs inside: bindings/python/dist/*.whl.
wheel:
	bindings/python/build-wheel

# The package's tests in a clean environment without Swift, from the wheel.
wheel-test:
	bindings/python/test-wheel

# The same tests against the library as it was built for debugging.
python-test: build
	bindings/python/test-sources $(BIN)

# The C interface called at random for ten minutes under AddressSanitizer; SECONDS= sets how long.
fuzz:
	Fuzz/run $(SECONDS)

# The example's full measurement, over 20 seeds, built for release; some minutes.
mpo-loop:
	$(SWIFT) build -c release --product mpo-loop
	$(SWIFT) build -c release --product rubricctl
	RELEASE=$$($(SWIFT) build -c release --show-bin-path) && \
	  RUBRICCTL=$$RELEASE/rubricctl MPO_LOOP=$$RELEASE/mpo-loop examples/mpo_loop/run --seeds 20

# Measures ours beside the raw libraries and writes Benchmarks/RESULTS.md; takes a few minutes.
bench:
	SWIFT=$(SWIFT) Benchmarks/run

# The Python package beside pygit2, NumPy and two registries; downloads them.
bench-python: bindings/python/dist
	Benchmarks/python/run --write

clean:
	rm -rf .build Benchmarks/.build examples/swift-trainer/.build bindings/python/dist
