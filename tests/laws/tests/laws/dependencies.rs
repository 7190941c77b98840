//! Laws on who uses whom.

use std::fs;

use anyhow::Context;
use hubchat_laws::{ROOMS, Tree, Verdict, room_of, verdict};

const GOLDEN: &str = "tests/laws/golden/arrows.txt";

#[test]
fn every_package_has_a_room() -> Verdict {
    let tree = Tree::read()?;
    let homeless: Vec<_> = tree
        .packages()
        .iter()
        .filter(|package| room_of(&package.folder).is_none())
        .map(|package| format!("{} in {}", package.name, package.folder))
        .collect();
    verdict("give the package a row in tests/laws/src/rooms.rs and in docs/architecture.md", &homeless)
}

#[test]
fn every_room_without_a_star_has_a_package() -> Verdict {
    let tree = Tree::read()?;
    let empty: Vec<_> = ROOMS
        .iter()
        .filter(|room| !room.folder.ends_with('*'))
        .filter(|room| !tree.packages().iter().any(|package| package.folder == room.folder))
        .map(|room| room.folder.to_owned())
        .collect();
    verdict("remove the row from tests/laws/src/rooms.rs, or add its package to the workspace", &empty)
}

#[test]
fn a_package_uses_only_the_rooms_that_an_arrow_leads_to() -> Verdict {
    let tree = Tree::read()?;
    let mut undrawn = Vec::new();
    for package in tree.packages() {
        let Some(room) = room_of(&package.folder) else { continue };
        for edge in &package.edges {
            if let Some(folder) = &edge.to_folder
                && !room.may_use(folder, edge.in_tests)
            {
                let tests = if edge.in_tests { " in its tests" } else { "" };
                undrawn.push(format!("{} uses {folder}{tests}", package.folder));
            }
        }
    }
    verdict(
        "remove the dependency: move the code to the room that may have it, or put a port between the two. The \
         arrows are in tests/laws/src/rooms.rs",
        &undrawn,
    )
}

#[test]
fn a_room_takes_only_its_own_technology_from_the_registry() -> Verdict {
    let tree = Tree::read()?;
    let mut foreign = Vec::new();
    for package in tree.packages() {
        let Some(room) = room_of(&package.folder) else { continue };
        for edge in package.edges.iter().filter(|edge| edge.to_folder.is_none() && !edge.in_tests) {
            if !room.may_take(&edge.to) {
                foreign.push(format!("{} uses {}", package.folder, edge.to));
            }
        }
    }
    verdict(
        "remove the dependency: the work belongs to an adapter or a host. What a room may take is in \
         tests/laws/src/rooms.rs",
        &foreign,
    )
}

#[test]
fn the_inner_rooms_ask_uuid_for_no_randomness() -> Verdict {
    let tree = Tree::read()?;
    let mut random = Vec::new();
    for package in tree.packages() {
        if !matches!(package.folder.as_str(), "core/domain" | "ports" | "core") {
            continue;
        }
        for edge in package.edges.iter().filter(|edge| edge.to == "uuid" && !edge.in_tests) {
            let makes_ids = |feature: &&String| {
                ["v1", "v4", "v6", "v7", "rng", "fast-rng"].contains(&feature.as_str()) || feature.starts_with("rng-")
            };
            random.extend(edge.features.iter().filter(makes_ids).map(|feature| {
                format!("{} asks uuid for {feature}, in its manifest or through the workspace table", package.folder)
            }));
        }
    }
    verdict("ids come through the Ids port: ask uuid for this feature in adapters/system alone", &random)
}

#[test]
fn mocks_reach_only_tests() -> Verdict {
    let tree = Tree::read()?;
    let mut shipped = Vec::new();
    for package in tree.packages() {
        for edge in package.edges.iter().filter(|edge| !edge.in_tests) {
            if edge.features.iter().any(|feature| feature == "mocks") {
                shipped.push(format!("{} asks {} for its mocks", package.folder, edge.to));
            }
            if edge.to == "mockall" && !(package.folder == "ports" && edge.optional) {
                shipped.push(format!("{} uses mockall in its code", package.folder));
            }
        }
    }
    verdict(
        "ask for mocks under [dev-dependencies]; mockall itself is an optional dependency of ports and nobody else's",
        &shipped,
    )
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that renews a golden file is no setting of hubchat")]
fn the_arrows_are_those_of_the_golden_file() -> Verdict {
    let tree = Tree::read()?;
    let mut lines = Vec::new();
    for package in tree.packages() {
        for edge in package.edges.iter().filter(|edge| edge.to_folder.is_some()) {
            let arrow = if edge.in_tests { "-dev->" } else { "->" };
            lines.push(format!("{} {arrow} {}", package.name, edge.to));
        }
    }
    lines.sort();
    lines.dedup();
    let actual = lines.join("\n") + "\n";
    if std::env::var("HUBCHAT_UPDATE_GOLDEN").is_ok_and(|asked| asked == "1") {
        let path = tree.path(GOLDEN);
        fs::create_dir_all(path.parent().context("a golden file lies in a folder")?)?;
        fs::write(path, actual)?;
        return Ok(());
    }
    let golden = tree.text(GOLDEN)?;
    let kept: Vec<_> = golden.lines().collect();
    let mut changes: Vec<_> =
        lines.iter().filter(|line| !kept.contains(&line.as_str())).map(|line| format!("new:  {line}")).collect();
    changes
        .extend(kept.iter().filter(|line| !lines.iter().any(|now| now == *line)).map(|line| format!("gone: {line}")));
    if changes.is_empty() && actual != golden {
        changes.push("the order or an empty line differs".to_owned());
    }
    verdict(
        "the arrows between packages changed. If that is meant, run HUBCHAT_UPDATE_GOLDEN=1 cargo test -p hubchat-laws \
         and commit tests/laws/golden/arrows.txt",
        &changes,
    )
}
