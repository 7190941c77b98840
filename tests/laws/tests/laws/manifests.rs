//! Laws on the manifests of the packages.

use anyhow::{Context, Result};
use hubchat_laws::{Tree, Verdict, verdict};
use toml::{Table, Value};

fn inherits(table: Option<&Value>, key: &str) -> bool {
    let setting = table.and_then(|table| table.get(key));
    setting.and_then(|setting| setting.get("workspace")).and_then(Value::as_bool) == Some(true)
}

fn manifests() -> Result<Vec<(String, Table)>> {
    let tree = Tree::read()?;
    let mut manifests = Vec::new();
    for package in tree.packages() {
        let path = format!("{}/Cargo.toml", package.folder);
        let manifest = tree.text(&path)?.parse().with_context(|| format!("{path} is no TOML"))?;
        manifests.push((path, manifest));
    }
    Ok(manifests)
}

#[test]
fn every_package_takes_its_lints_from_the_workspace() -> Verdict {
    let mut without = Vec::new();
    for (path, manifest) in manifests()? {
        let lints = manifest.get("lints").and_then(Value::as_table);
        let bare = lints.is_some_and(|lints| lints.len() == 1);
        if !bare || lints.and_then(|lints| lints.get("workspace")).and_then(Value::as_bool) != Some(true) {
            without.push(path);
        }
    }
    verdict("write [lints] workspace = true, and nothing else under [lints]", &without)
}

#[test]
fn every_package_inherits_its_version_edition_and_licence() -> Verdict {
    let mut own = Vec::new();
    for (path, manifest) in manifests()? {
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if !inherits(manifest.get("package"), key) {
                own.push(format!("{path}: {key}.workspace = true is missing"));
            }
        }
    }
    verdict("take these from [workspace.package]", &own)
}

#[test]
fn every_package_says_what_it_is_for() -> Verdict {
    let mut silent = Vec::new();
    for (path, manifest) in manifests()? {
        let description = manifest.get("package").and_then(|package| package.get("description"));
        if description.and_then(Value::as_str).is_none_or(|description| description.trim().is_empty()) {
            silent.push(path);
        }
    }
    verdict("give the package a description: one sentence", &silent)
}

#[test]
fn every_dependency_comes_from_the_workspace_table() -> Verdict {
    let mut stray = Vec::new();
    for (path, manifest) in manifests()? {
        let mut tables: Vec<&Value> = vec![];
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            tables.extend(manifest.get(kind));
            let targets = manifest.get("target").and_then(Value::as_table);
            tables.extend(targets.into_iter().flat_map(Table::values).filter_map(|target| target.get(kind)));
        }
        for (name, wanted) in tables.into_iter().filter_map(Value::as_table).flatten() {
            let from_table = wanted.get("workspace").and_then(Value::as_bool) == Some(true);
            let own = ["version", "path", "git", "registry"].iter().any(|key| wanted.get(key).is_some());
            if !from_table || own {
                stray.push(format!("{path}: {name}"));
            }
        }
    }
    verdict("name the version in [workspace.dependencies] and write name.workspace = true here", &stray)
}

#[test]
fn every_entry_of_the_workspace_table_is_used() -> Verdict {
    let tree = Tree::read()?;
    let root: Table = tree.text("Cargo.toml")?.parse().context("Cargo.toml is no TOML")?;
    let table = root.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let table = table.context("Cargo.toml has no [workspace.dependencies]")?;
    let used = |name: &String| tree.packages().iter().any(|package| package.edges.iter().any(|edge| edge.to == *name));
    let unused: Vec<_> = table.keys().filter(|name| !used(name)).cloned().collect();
    verdict("remove the entry from [workspace.dependencies]: no package uses it", &unused)
}
