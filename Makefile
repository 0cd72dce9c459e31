# What people type here; `.ci/run` calls the same.

SWIFT ?= swift
BIN = $(shell $(SWIFT) build --show-bin-path)

.PHONY: build test lint check examples bench clean

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

examples: build
	RUBRICCTL=$(BIN)/rubricctl examples/essay/run $(RUBRIC)
	RUBRICCTL=$(BIN)/rubricctl examples/experiments/run $(RUBRIC)

# Measures ours beside the raw libraries and writes Benchmarks/RESULTS.md; takes a few minutes.
bench:
	SWIFT=$(SWIFT) Benchmarks/run

clean:
	rm -rf .build Benchmarks/.build
