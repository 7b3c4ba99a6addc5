# `make` lists the targets. Everything that is fetched or built goes below target/.

.DEFAULT_GOAL := help

# One profile for the program and its tests, so that nothing is compiled twice.
CARGO_FLAGS := --release --locked

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

## Everyday

.PHONY: setup build test lint demo
setup: ## fetch ONNX Runtime with pip, where it is not there yet
	@.ci/setup.sh

build: setup ## build the program: target/release/verify
	cargo build $(CARGO_FLAGS)

test: setup ## set everything up and run all tests
	cargo test $(CARGO_FLAGS)

lint: ## check the formatting, and clippy with warnings denied
	cargo fmt --check
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings

demo: build ## enrol, check and plot real photos of two people
	@.ci/demo.sh

## The program on this machine

.PHONY: install clean
install: setup ## install the program and ONNX Runtime for this user
	@.ci/install.sh

clean: ## remove everything that was fetched or built
	cargo clean
	rm -rf target

## The models

.PHONY: models models-check
models: ## convert the models anew from their original weights (fetches 100 MB)
	models/build/run.sh

models-check: ## compare the committed models with a new conversion (fetches 100 MB)
	models/build/run.sh --check
