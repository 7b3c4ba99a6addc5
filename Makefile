# `make` lists the targets. Everything that is fetched or built goes below target/.

.DEFAULT_GOAL := help

# One profile for the program and its tests, so that nothing is compiled twice.
CARGO_FLAGS := --release --locked

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

## Everyday

.PHONY: setup build test lint demo gallery
setup: ## fetch ONNX Runtime with pip, where it is not there yet
	@.ci/setup.sh

build: setup ## build the program: target/release/verify
	cargo build $(CARGO_FLAGS)

test: setup ## set everything up and run all tests
	cargo test $(CARGO_FLAGS)

lint: ## check the formatting, the list of others' work, and clippy with warnings denied
	cargo fmt --check
	.ci/third_party.py check
	cargo clippy $(CARGO_FLAGS) --all-targets -- -D warnings

demo: build ## enrol, check and plot real photos of two people
	@.ci/demo.sh

gallery: demo ## draw the pictures of docs/gallery.md anew
	@.ci/gallery.sh

## The Python package

.PHONY: python
python: build ## build the wheel in target/wheels, and test it in a fresh environment (fetches 270 MB; ENGINES="ray spark" tests Spark too)
	@.ci/python.sh

## Measuring; the photos are not part of the project, see docs/accuracy.md

PEOPLE ?= ../shared/data/lfw

PERSON ?= ../shared/data/cage/enroll

.PHONY: accuracy bench instructions
accuracy: build ## print the tables of docs/accuracy.md (skips where the photos are absent)
	cargo test $(CARGO_FLAGS) --test cli accuracy -- --nocapture
	@if [ -d "$(PEOPLE)" ]; then \
	    target/release/verify eval --people "$(PEOPLE)" --refit 2; \
	else \
	    echo "skipped: no folder of people at $(PEOPLE); name another with PEOPLE=..."; \
	fi

bench: build ## time each stage, and whole commands beside face_recognition (fetches 100 MB)
	cargo bench --locked --bench stages
	@if [ -d "$(PERSON)" ] && [ -d "$(PEOPLE)" ]; then \
	    benches/peers/run.sh "$(PERSON)" "$(PEOPLE)"; \
	else \
	    echo "skipped: no photos at $(PERSON) and $(PEOPLE); name others with PERSON=... PEOPLE=..."; \
	fi

instructions: setup ## count each stage's instructions, and fail where they have become more
	cargo bench --locked --bench instructions

FUZZ_SECONDS ?= 900

.PHONY: fuzz
fuzz: ## let a fuzzer loose on each reader, FUZZ_SECONDS each (needs cargo-fuzz and a nightly toolchain)
	cd fuzz && cargo run --release --locked --bin seeds
	@for target in photo profile index crop flags; do \
	    cargo +nightly fuzz run $$target -- -max_total_time=$(FUZZ_SECONDS) -timeout=20 || exit 1; \
	done

## Supply chain; the tools are compiled into target/tools where they are not installed (minutes)

TOOLS := target/tools
CARGO_DENY := cargo-deny@0.20.2
CARGO_CYCLONEDX := cargo-cyclonedx@0.5.9
export PATH := $(CURDIR)/$(TOOLS)/bin:$(PATH)

.PHONY: deny sbom notices
deny: ## check licences, duplicates and sources of all crates, and advisories where they can be fetched
	@command -v cargo-deny > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_DENY)
	cargo deny --all-features check --hide-inclusion-graph licenses bans sources
	@if cargo deny fetch db > /dev/null 2>&1; then \
	    cargo deny --all-features check advisories; \
	else \
	    echo "skipped: advisories, since their database cannot be fetched here"; \
	fi

sbom: ## write target/sbom.cdx.json: all that the program is made of, as CycloneDX
	@command -v cargo-cyclonedx > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_CYCLONEDX)
	@.ci/third_party.py sbom

notices: ## list the crates in THIRD_PARTY_NOTICES.md anew, and gather the texts of their licences
	@.ci/third_party.py list
	@.ci/third_party.py texts

## The program on this machine

.PHONY: install clean
install: setup ## install the program and ONNX Runtime for this user
	@.ci/install.sh

clean: ## remove everything that was fetched or built
	cargo clean
	rm -rf target

## The models

.PHONY: population models models-check
population: build ## estimate models/population.safetensors anew from a folder of people
	target/release/verify population --people "$(PEOPLE)" --out models/population.safetensors
	models/build/describe.py population.safetensors

models: ## convert the models anew from their original weights (fetches 100 MB)
	models/build/run.sh

models-check: ## compare the committed models with a new conversion (fetches 100 MB)
	models/build/run.sh --check
