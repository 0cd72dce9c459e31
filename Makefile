# What people type here; `.ci/run` calls the same.

SWIFT ?= swift
BIN = $(shell $(SWIFT) build --show-bin-path)

.PHONY: build test lint check examples examples-essay examples-experiments examples-tasks \
  examples-loop mpo-loop bench clean

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

examples: examples-essay examples-experiments examples-tasks examples-loop

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

# The example's full measurement, over 20 seeds, built for release; some minutes.
mpo-loop:
	$(SWIFT) build -c release --product mpo-loop
	$(SWIFT) build -c release --product rubricctl
	RELEASE=$$($(SWIFT) build -c release --show-bin-path) && \
	  RUBRICCTL=$$RELEASE/rubricctl MPO_LOOP=$$RELEASE/mpo-loop examples/mpo_loop/run --seeds 20

# Measures ours beside the raw libraries and writes Benchmarks/RESULTS.md; takes a few minutes.
bench:
	SWIFT=$(SWIFT) Benchmarks/run

clean:
	rm -rf .build Benchmarks/.build
