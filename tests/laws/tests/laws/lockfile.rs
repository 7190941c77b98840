//! Laws on what the lock file brings in.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result};
use hubchat_laws::{Tree, Verdict, demand, verdict};
use toml::{Table, Value};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Other ways to do what aws-lc-rs and rustls do here; two cryptographic libraries are twice the advisories.
const FORBIDDEN: [&str; 4] = ["openssl-sys", "native-tls", "ring", "rsa"];

/// Cargo locks what a weak feature (`ring?/std`) mentions although nothing turns it on; these two mention ring
/// in that way. Whether it is compiled is the other law's business.
/// See <https://github.com/rust-lang/cargo/issues/10801>.
const LOCKED_BUT_NOT_BUILT: [(&str, &str); 2] = [("quinn-proto", "ring"), ("rustls-webpki", "ring")];

fn locked(tree: &Tree) -> Result<Vec<Table>> {
    let lock: Table = tree.text("Cargo.lock")?.parse().context("Cargo.lock is no TOML")?;
    let packages = lock.get("package").and_then(Value::as_array).context("Cargo.lock names no package")?;
    Ok(packages.iter().filter_map(Value::as_table).cloned().collect())
}

fn text<'a>(package: &'a Table, key: &str) -> Option<&'a str> {
    package.get(key).and_then(Value::as_str)
}

#[test]
fn every_dependency_comes_from_the_public_registry() -> Verdict {
    let tree = Tree::read()?;
    let mut foreign = Vec::new();
    for package in locked(&tree)? {
        let name = text(&package, "name").unwrap_or_default();
        let ours = tree.packages().iter().any(|package| package.name == name);
        match text(&package, "source") {
            Some(REGISTRY) => {
                if text(&package, "checksum").is_none() {
                    foreign.push(format!("{name}: no checksum"));
                }
            }
            None if ours => {}
            source => foreign.push(format!("{name}: {}", source.unwrap_or("a path outside the workspace"))),
        }
    }
    verdict("take the package from crates.io, and let Cargo.lock name it by its public address", &foreign)
}

#[test]
fn the_lock_file_brings_in_no_second_cryptography() -> Verdict {
    let tree = Tree::read()?;
    let mut findings = Vec::new();
    for package in locked(&tree)? {
        let name = text(&package, "name").unwrap_or_default();
        let uses =
            package.get("dependencies").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for used in uses.filter_map(|used| used.split(' ').next()).filter(|used| FORBIDDEN.contains(used)) {
            if !LOCKED_BUT_NOT_BUILT.contains(&(name, used)) {
                findings.push(format!("{name} uses {used}"));
            }
        }
    }
    verdict("choose the features of the package so that TLS is rustls and cryptography is aws-lc-rs", &findings)
}

/// Asks cargo what the workspace compiles with the features that are on, for the machine that it is built on;
/// `cargo deny check bans` asks the same for every machine.
#[test]
fn no_second_cryptography_is_compiled() -> Verdict {
    let tree = Tree::read()?;
    let listed = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--locked", "--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"])
        .current_dir(tree.path("."))
        .output()
        .context("cargo cannot be started")?;
    let complaint = String::from_utf8_lossy(&listed.stderr);
    demand(listed.status.success(), &format!("cargo tree failed: {}", complaint.trim()))?;
    let listed = String::from_utf8(listed.stdout).context("cargo tree answered with something else than text")?;
    let compiled: BTreeSet<_> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    demand(compiled.contains("aws-lc-rs"), "cargo tree does not name aws-lc-rs: this law reads the wrong list")?;
    let findings: Vec<_> =
        FORBIDDEN.iter().filter(|name| compiled.contains(*name)).map(|name| (*name).to_owned()).collect();
    verdict("find who turns it on with `cargo tree --workspace --invert NAME` and turn that feature off", &findings)
}
