# What one does with hubchat from its sources. `make` alone lists the targets.

export PATH := $(PATH):$(HOME)/.cargo/bin

HUBCHAT = cargo run --locked --package hubchat --bin hubchat --

.DEFAULT_GOAL := help
.PHONY: help run console test check bench fmt openapi

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: ## build hubchat and start it with the sandbox and the embedded database
	@scripts/test-services tools
	@if command -v npm >/dev/null; then scripts/console build; else \
		echo "Node is not installed: hubchat starts without its console (install Node 20 or newer, then make run again)"; \
	fi
	@echo "Building hubchat and its sandbox: about four minutes on two cores the first time, seconds later."
	@echo "Then it starts on an embedded database under ./data and prints its addresses, an API key and a curl to try."
	@echo "Stop it with Ctrl-C."
	@$(HUBCHAT) up --sandbox

console: ## build the agent console
	@scripts/console build

test: ## prepare PostgreSQL, Redis and a browser, then check the format and the lints and run every test
	@echo "== console" && scripts/console check
	@url=$$(scripts/test-services) && \
	export HUBCHAT_TEST_DATABASE_URL="$$url" && \
	echo "== format" && cargo fmt --all --check && \
	echo "== lints" && cargo clippy --locked --workspace --all-targets -- -D warnings && \
	echo "== tests" && \
	if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --locked --workspace; \
	else \
		echo "cargo-nextest is not installed (cargo install cargo-nextest --locked): cargo test runs the tests instead"; \
		cargo test --locked --workspace --lib --bins --tests --no-fail-fast; \
	fi && \
	echo "== console in a browser" && scripts/test-services browser && \
	HUBCHAT_BIN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/hubchat-under-test" scripts/console e2e && \
	echo "== examples of the documentation" && cargo test --locked --workspace --doc

check: ## format, lints, laws, documentation, licences: all that needs no database
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked --package hubchat-laws
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	@if cargo deny --version >/dev/null 2>&1; then \
		cargo deny check --hide-inclusion-graph licenses bans sources; \
	else \
		echo "cargo-deny is not installed, licences and bans were not checked: cargo install cargo-deny --locked"; \
	fi

bench: ## measure, and print the ratios of one run
	@scripts/console build && scripts/test-services browser
	cargo build --locked --release --package hubchat --package hubchat-http --package hubchat-worker --package hubchat-bench
	target/release/hubchat-bench
	HUBCHAT_BIN="$(CURDIR)/target/release/hubchat" scripts/console speed

fmt: ## format every source
	cargo fmt --all

openapi: ## write docs/openapi.json anew
	@$(HUBCHAT) openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json
	@echo "docs/openapi.json is written"
