//! Who may use whom: the one table that the laws of dependencies read.
//!
//! It says the same as the drawing in docs/architecture.md. A new package needs a row here or a folder that
//! a row with a star covers; an arrow that is not drawn here does not exist.

use ThirdParty::{Any, Except, Only};

/// One room of the workspace and what it may use.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The package's folder from the root of the checkout; a trailing `*` stands for any ending.
    pub folder: &'static str,
    /// The rooms that it may use, in the same notation.
    pub uses: &'static [&'static str],
    /// The rooms that its tests may use besides.
    pub tests_use: &'static [&'static str],
    /// What it may take from the registry; its tests are free.
    pub third_party: ThirdParty,
}

/// What a room may take from the registry.
#[derive(Debug, Clone, Copy)]
pub enum ThirdParty {
    /// Whatever its technology needs.
    Any,
    /// These and no others.
    Only(&'static [&'static str]),
    /// Anything but these.
    Except(&'static [&'static str]),
}

const DOMAIN: &[&str] = &["serde", "serde_json", "thiserror", "time", "unicode-segmentation", "uuid"];

const PORTS: &[&str] = &[
    "async-trait",
    "bytes",
    "futures-core",
    "mockall",
    "secrecy",
    "serde",
    "serde_json",
    "thiserror",
    "time",
    "unicode-segmentation",
    "uuid",
];

const CORE: &[&str] = &[
    "async-trait",
    "bytes",
    "futures-channel",
    "futures-core",
    "futures-util",
    "secrecy",
    "serde",
    "serde_json",
    "thiserror",
    "time",
    "tracing",
    "unicode-segmentation",
    "uuid",
];

const WEB: &[&str] = &["poem", "poem-openapi"];
const SQL: &[&str] = &["sea-orm", "sea-orm-migration", "sqlx"];

/// Every room. Where two rows cover a folder, the first one counts.
#[rustfmt::skip]
pub const ROOMS: &[Room] = &[
    Room { folder: "core/domain",        uses: &[],                                          tests_use: &[],                    third_party: Only(DOMAIN) },
    Room { folder: "ports",              uses: &["core/domain"],                             tests_use: &[],                    third_party: Only(PORTS) },
    Room { folder: "core",               uses: &["core/domain", "ports"],                    tests_use: &[],                    third_party: Only(CORE) },
    Room { folder: "migrations",         uses: &[],                                          tests_use: &[],                    third_party: Only(&["sea-orm-migration"]) },
    Room { folder: "adapters/storage-*", uses: &["core/domain", "ports", "migrations"],      tests_use: &["tests/conformance"], third_party: Except(WEB) },
    Room { folder: "adapters/channel-*", uses: &["core/domain", "ports", "adapters/provider-http"], tests_use: &["tests/conformance"], third_party: Except(WEB) },
    // Its tests need a limiter of one process to fall back to.
    Room { folder: "adapters/limits-*",  uses: &["core/domain", "ports"],                    tests_use: &["tests/conformance", "adapters/system"], third_party: Except(WEB) },
    Room { folder: "adapters/*",         uses: &["core/domain", "ports"],                    tests_use: &["tests/conformance"], third_party: Except(WEB) },
    Room { folder: "hosts/wiring",       uses: &["core", "adapters/*"],                      tests_use: &[],                    third_party: Except(WEB) },
    Room { folder: "hosts/http",         uses: &["core", "hosts/wiring"],                    tests_use: &["ports"],                    third_party: Except(SQL) },
    Room { folder: "hosts/worker",       uses: &["core", "hosts/wiring"],                    tests_use: &[],                    third_party: Except(SQL) },
    Room { folder: "hosts/cli",          uses: &["core", "hosts/wiring", "hosts/http", "hosts/worker", "hosts/sandbox"], tests_use: &[], third_party: Except(SQL) },
    Room { folder: "hosts/sandbox",      uses: &[],                                          tests_use: &[],                    third_party: Except(SQL) },
    Room { folder: "examples/*",         uses: &["core", "adapters/*"],                      tests_use: &[],                    third_party: Any },
    Room { folder: "benches",            uses: &["*"],                                       tests_use: &[],                    third_party: Any },
    Room { folder: "tests/conformance",  uses: &["core/domain", "ports"],                    tests_use: &[],                    third_party: Any },
    Room { folder: "tests/e2e",          uses: &["*"],                                       tests_use: &[],                    third_party: Any },
    Room { folder: "tests/laws",         uses: &[],                                          tests_use: &[],                    third_party: Any },
];

/// The row that covers a package's folder, if any does.
pub fn room_of(folder: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| covers(room.folder, folder))
}

impl Room {
    /// Whether the arrow to the package in `folder` is drawn, for its code or only for its tests.
    pub fn may_use(&self, folder: &str, in_tests: bool) -> bool {
        let drawn = |patterns: &[&str]| patterns.iter().any(|pattern| covers(pattern, folder));
        drawn(self.uses) || (in_tests && drawn(self.tests_use))
    }

    /// Whether the room's own code may take the named package from the registry.
    pub fn may_take(&self, package: &str) -> bool {
        match self.third_party {
            Any => true,
            Only(names) => names.contains(&package),
            Except(names) => !names.contains(&package),
        }
    }
}

fn covers(pattern: &str, folder: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == folder, |start| folder.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::room_of;

    fn drawn(from: &str, to: &str, in_tests: bool) -> bool {
        room_of(from).is_some_and(|room| room.may_use(to, in_tests))
    }

    #[test]
    fn the_domain_uses_nobody_and_is_reached_through_the_ports() {
        assert!(!drawn("core/domain", "ports", false));
        assert!(drawn("ports", "core/domain", false));
        assert!(drawn("core", "ports", false));
        assert!(!drawn("ports", "core", true));
    }

    #[test]
    fn an_adapter_reaches_no_other_adapter_but_a_channel_reaches_the_http_client() {
        assert!(drawn("adapters/channel-telegram", "adapters/provider-http", false));
        assert!(!drawn("adapters/media-objectstore", "adapters/provider-http", false));
        assert!(!drawn("adapters/channel-line", "adapters/channel-meta", true));
        assert!(!drawn("adapters/channel-line", "migrations", false));
        assert!(drawn("adapters/storage-seaorm", "migrations", false));
    }

    #[test]
    fn only_tests_of_an_adapter_reach_the_conformance_suite() {
        assert!(drawn("adapters/system", "tests/conformance", true));
        assert!(!drawn("adapters/system", "tests/conformance", false));
    }

    #[test]
    fn the_worker_does_not_reach_the_http_host() {
        assert!(!drawn("hosts/worker", "hosts/http", true));
        assert!(drawn("hosts/cli", "hosts/http", false));
        assert!(!drawn("hosts/sandbox", "core/domain", true));
    }

    #[test]
    fn the_core_takes_no_runtime_and_no_driver() {
        let core = room_of("core");
        assert!(
            core.is_some_and(|room| room.may_take("tracing") && !room.may_take("tokio") && !room.may_take("sea-orm"))
        );
        assert!(room_of("hosts/wiring").is_some_and(|room| room.may_take("tokio") && !room.may_take("poem")));
    }

    #[test]
    fn a_folder_without_a_row_has_no_room() {
        assert!(room_of("hosts/console").is_none());
    }
}
