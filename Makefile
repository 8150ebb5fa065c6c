# Subrosa. `make help` lists what there is to do.
# Needed beforehand: make, and Rust (https://rustup.rs). `make setup` looks for the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CARGO ?= cargo
export CARGO_TARGET_DIR ?= target
BIN := $(CARGO_TARGET_DIR)/debug
export SUBROSA_FIXTURES := $(CARGO_TARGET_DIR)/fixtures

.PHONY: help
help: ## This list
	@printf 'Subrosa: anonymous tips, and rewards that nobody can trace.\n\n'
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nNew here? make demo\n'

## Using it

.PHONY: demo
demo: setup ## Build, start a server with a demo programme, print what to do next; Ctrl-C ends it
	@$(CARGO) build --locked --workspace --bins
	@exec $(BIN)/demo

.PHONY: desk-demo
desk-demo: setup ## Three officers' desks in your browser, with a tip that waits; Ctrl-C ends it
	@$(CARGO) build --locked --workspace --bins
	@exec $(BIN)/desk-demo

.PHONY: onion-demo
onion-demo: ## The same demo behind real onion services, on a private Tor network on this machine
	@.ci/setup tor
	@$(CARGO) build --locked --workspace --bins
	@exec $(BIN)/onion-demo

.PHONY: journey
journey: setup ## A whole case without a browser: tip, case, reward, payout; told step by step
	@$(CARGO) build --locked --workspace --bins
	@e2e/fixtures.sh >/dev/null
	@exec $(BIN)/journey

.PHONY: release-files
release-files: setup ## The program, its checksums and a signature, to be served: OUT=DIR and SSH_KEY=FILE or MINISIGN_KEY=FILE
	@deploy/release-files "$(OUT)" $(if $(SSH_KEY),--ssh "$(SSH_KEY)") $(if $(MINISIGN_KEY),--minisign "$(MINISIGN_KEY)")

## Proving it

# The step web compiles the protocol for the browser; the step wasm (make check) asks the same in a shorter time.
.PHONY: test
test: setup ## Install what is missing, lint, build, test, journey; public pages, desks and a source in a browser
	@.ci/steps format clippy docs scripts deny build tests journey pages desk web

.PHONY: desk
desk: setup ## A whole case at three officers' desks in a real browser; pictures in target/e2e/desk
	@$(CARGO) build --locked --workspace --bins
	@.ci/steps desk

.PHONY: check
check: setup ## The lint gate alone: format, clippy, documentation, scripts, dependencies, browser build
	@.ci/steps format clippy docs scripts deny wasm

.PHONY: steady
steady: setup ## The browser's steps again and again beside a busy machine: ROUNDS (20), STEPS (pages desk web)
	@.ci/steady $(or $(ROUNDS),20) $(or $(STEPS),pages desk web)

.PHONY: pages
pages: setup ## Every public page in Chromium: accessibility, valid HTML, nothing loaded from elsewhere; pictures in target/pages
	@$(CARGO) build --locked --workspace --bins
	@.ci/steps pages

.PHONY: wasm
wasm: setup ## The protocol crate for the browser (wasm32)
	@deploy/wasm/check.sh

.PHONY: web
web: setup ## What the source's pages load, into target/web: the engine as WebAssembly and as plain JavaScript
	@deploy/wasm/build.sh

.PHONY: web-test
web-test: setup ## A source's visits in a headless Chromium, with WebAssembly and without
	@.ci/steps web

.PHONY: deny
deny: setup ## Licences, banned crates and sources of every dependency
	@.ci/steps deny

.PHONY: advisories
advisories: setup ## Known vulnerabilities in dependencies (fetches a database)
	$(CARGO) deny --locked check advisories

.PHONY: vectors
vectors: setup ## Write the test vectors anew; the tree must stay clean
	@SUBROSA_WRITE_VECTORS=1 $(CARGO) test --locked --workspace --quiet vector
	@git diff --stat --exit-code -- vectors && echo "vectors: unchanged"

.PHONY: models
models: ## The protocol's models for ProVerif (docs/models), their answers compared with what the table states
	@docs/models/run

.PHONY: bench
bench: setup ## Timings against floors measured in the same run; JSON in target/bench.json
	@$(CARGO) build --locked --release --workspace --bins
	@exec $(CARGO_TARGET_DIR)/release/bench

.PHONY: e2e-tor
e2e-tor: ## The source's pages in Firefox and Chromium over a private Tor network (ONLY=PATTERN: some of it); pictures in target/e2e
	@CARGO="$(CARGO)" ONLY="$(ONLY)" e2e/web/run

.PHONY: machine
machine: ## Install on a throw-away Debian, boot it, try the sandbox, file a tip over its onion services (root)
	@.ci/setup tor machine
	@$(CARGO) build --locked --workspace --bins
	@for unit in deploy/*.service; do systemd-analyze security --offline=true --threshold=15 --no-pager $$unit >/dev/null || { echo "$$unit is rated worse than 1.5"; exit 1; }; done
	@python3 e2e/deploy/machine.py --programs $(BIN) --root $(CARGO_TARGET_DIR)/debian --cache $(CARGO_TARGET_DIR)/tor-keys

.PHONY: soak
soak: setup ## The long runs: 200 rounds (SUBROSA_SOAK_ROUNDS) of kill -9, and of power cuts
	@SUBROSA_SOAK_ROUNDS=$${SUBROSA_SOAK_ROUNDS:-200} $(CARGO) test --locked --workspace -- --nocapture --test-threads 1 kill_9 power_cut soak

.PHONY: siege
siege: setup ## Attacks that only want to stop the server, SIEGE_SECONDS each (60): rates of honest people, memory, damage
	@$(CARGO) build --locked --workspace --bins
	@SUBROSA_SIEGE_SECONDS=$${SIEGE_SECONDS:-60} $(CARGO) test --locked --workspace --test attacks -- --nocapture --test-threads 1 siege

.PHONY: fuzz
fuzz: setup ## Every parser against generated input; FUZZ_SECONDS for each target (60)
	@fuzz/run.sh $${FUZZ_SECONDS:-60}

.PHONY: format
format: ## Rewrite the sources in the house format
	$(CARGO) fmt --all
	rustfmt --edition 2024 server/src/store/engines/*/mod.rs

## Housekeeping

.PHONY: setup
setup: ## Install what is missing (by package name, with apt-get and cargo), nothing else
	@.ci/setup

.PHONY: clean
clean: ## Remove what was built, the demo's data too
	rm -rf $(CARGO_TARGET_DIR)
