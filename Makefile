# The one entry to building and testing. `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
HOST := $(shell rustc -vV | sed -n 's/^host: //p')
TARGET ?= $(HOST)
BINARIES := interface-fn ipam-fn nad-fn vlan-fn krmnet
export VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
export SOURCE_URL := $(shell sed -n 's/^repository = "\(.*\)"/\1/p' Cargo.toml)

# What is built for another machine than this stays out of the way of what runs here.
BIN := bin$(if $(filter-out $(HOST),$(TARGET)),/$(TARGET))

# Tests that run the release binaries find them here.
export KRMNET_BIN_DIR := $(CURDIR)/bin

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the static release binaries into bin/
	@scripts/build.sh $(TARGET) $(BIN) $(BINARIES)

.PHONY: reproducible
reproducible: build ## Build once more elsewhere and compare the binaries, byte for byte
	@scripts/reproducible.sh $(TARGET) $(BIN) $(BINARIES)

.PHONY: images
images: build ## Make the images from the binaries, and load them into docker or podman
	@scripts/images.sh $(TARGET) $(BIN) dist/images $(BINARIES)

.PHONY: demo
demo: build ## Render a copy of example/gnb/ and show what came out
	@scripts/demo.sh

# The property tests draw the same cases each time: what only chance finds is looked for with `cargo test`.
.PHONY: test
test: export PROPTEST_RNG_SEED ?= 1
test: lint build ## Run all checks and tests
	@scripts/demo.sh
	$(CARGO) test --workspace --locked

.PHONY: e2e-images
e2e-images: images ## Run the images in containers, alone and under kpt
	$(CARGO) test --locked --package krmnet --test images -- --ignored

.PHONY: deny
deny: ## Check licences, versions and known faults of the dependencies
	@scripts/deny.sh

.PHONY: release
release: images ## Gather binaries, images, CRDs, bills of materials and checksums in dist/
	@scripts/release.sh $(TARGET) $(BIN) dist $(BINARIES)

.PHONY: push
push: ## Push the images in dist/ to REPOSITORY, which is ghcr.io/krmnet if not set
	@scripts/push.sh $(or $(REPOSITORY),ghcr.io/krmnet) $(VERSION) $(BINARIES)

.PHONY: bench
bench: build ## Measure the allocation core and the binaries; docs/performance.md holds figures
	$(CARGO) run --release --locked --package ipam --example scale 1000000
	$(CARGO) bench --locked --package krmnet --bench parts
	$(CARGO) bench --locked --package krmnet --bench binaries

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZ_SECONDS (20); only those of TARGETS if set
	@scripts/fuzz.sh $(TARGETS)

.PHONY: golden-update
golden-update: ## Write the golden files of testdata/ anew: look at the diff before you commit it
	UPDATE_GOLDEN=1 $(CARGO) test --package krmnet --test golden --locked

.PHONY: crds
crds: ## Write the custom resource definitions in crds/ anew from the types
	UPDATE_GOLDEN=1 $(CARGO) test --package krmnet --test crds --locked

.PHONY: lint
lint: ## Check the format, the lints and the documentation
	@scripts/lint.sh
